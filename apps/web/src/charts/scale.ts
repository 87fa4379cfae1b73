/** Places values on a stretch of pixels; logarithmic scales leave out what is not above zero. */
export interface Scale {
  toPixel(value: number): number;
  toValue(pixel: number): number;
  ticks: number[];
}

export interface ScaleOptions {
  from: number;
  to: number;
  start: number;
  end: number;
  isLog: boolean;
  ticksWanted?: number;
}

export function createScale({ from, to, start, end, isLog, ticksWanted = 5 }: ScaleOptions): Scale {
  const forward = isLog ? Math.log10 : (value: number) => value;
  const back = isLog ? (value: number) => 10 ** value : (value: number) => value;
  const low = forward(from);
  const width = forward(to) - low || 1;
  return {
    toPixel: (value) => start + ((forward(value) - low) / width) * (end - start),
    toValue: (pixel) => back(low + ((pixel - start) / (end - start || 1)) * width),
    ticks: isLog ? logTicks(from, to) : linearTicks(from, to, ticksWanted),
  };
}

export function linearTicks(from: number, to: number, wanted: number): number[] {
  if (!(to > from)) return [from];
  const rough = (to - from) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) =>
    Number(((first + at) * step).toPrecision(12)),
  );
}

function logTicks(from: number, to: number): number[] {
  const first = Math.floor(Math.log10(from));
  const last = Math.ceil(Math.log10(to));
  const factors = last - first <= 2 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil((last - first) / 6));
  const ticks: number[] = [];
  for (let power = first; power <= last; power += every)
    for (const factor of factors) {
      const tick = Number((factor * 10 ** power).toPrecision(3));
      if (tick >= from && tick <= to) ticks.push(tick);
    }
  return ticks;
}

/** The least and greatest of all values that a scale can place, widened a little; null when there are none. */
export function rangeOf(
  values: Iterable<number>,
  options: { isLog: boolean; margin?: number },
): [number, number] | null {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value) || (options.isLog && value <= 0)) continue;
    if (value < from) from = value;
    if (value > to) to = value;
  }
  if (from > to) return null;
  return widen([from, to], options);
}

export function widen([from, to]: [number, number], options: { isLog: boolean; margin?: number }): [number, number] {
  const { isLog, margin = 0 } = options;
  if (isLog) {
    const factor = from === to ? 1.5 : (to / from) ** margin;
    return [from / factor, to * factor];
  }
  const extra = from === to ? Math.max(Math.abs(from) * 0.1, 0.5) : (to - from) * margin;
  return [from - extra, to + extra];
}
