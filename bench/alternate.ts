/** One way of doing the work; `run` does all of it once. */
export interface Side {
  name: string;
  run(): Promise<unknown>;
}

export interface Spread {
  median: number;
  min: number;
  max: number;
}

export interface Comparison {
  ours: { name: string; seconds: Spread };
  bare: { name: string; seconds: Spread };
  /** Seconds of ours over seconds of the bare one, pair by pair. */
  timesBare: Spread;
  repeats: number;
}

/** Times both sides in turn, in alternating order, after a run of each that is not counted. */
export async function alternate({
  ours,
  bare,
  repeats,
}: {
  ours: Side;
  bare: Side;
  repeats: number;
}): Promise<Comparison> {
  await ours.run();
  await bare.run();
  const times: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
  for (let repeat = 0; repeat < repeats; repeat++) {
    const order = repeat % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const);
    for (const side of order) times[side].push(await secondsOf(side === 'ours' ? ours : bare));
  }
  return {
    ours: { name: ours.name, seconds: spreadOf(times.ours) },
    bare: { name: bare.name, seconds: spreadOf(times.bare) },
    timesBare: spreadOf(times.ours.map((seconds, at) => seconds / (times.bare[at] ?? Number.NaN))),
    repeats,
  };
}

async function secondsOf(side: Side): Promise<number> {
  const started = performance.now();
  await side.run();
  return (performance.now() - started) / 1000;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
  return { median, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/** Ratio of rates instead of times: the same work in less time is more of it per second. */
export function inverse({ median, min, max }: Spread): Spread {
  return { median: 1 / median, min: 1 / max, max: 1 / min };
}
