import type { MapPoints } from './map-points';

export type ColourBy = 'category' | 'clicks' | 'ctr';

export interface LegendEntry {
  label: string;
  /** A CSS variable. */
  colour: string;
}

const series = [1, 2, 3, 4, 5].map((n) => `--series-${n}`);
const other = '--series-6';
export const queryColour = '--bad';
const ramp = ['--series-6', '--series-5', '--series-1', '--series-4', '--series-2'];
const clickSteps = [0, 1, 5, 20, 100];
const ctrSteps = [0, 0.001, 0.1, 0.25, 0.5];

/** Click-through rate of a point; null: never shown. */
export function ctrOf({ shown, clicks }: MapPoints, index: number): number | null {
  const times = shown[index] ?? 0;
  return times === 0 ? null : (clicks[index] ?? 0) / times;
}

function stepOf(value: number, steps: readonly number[]): number {
  return Math.max(
    0,
    steps.findLastIndex((least) => value >= least),
  );
}

/** Name of the CSS variable that a point is drawn in. */
export function colourOf(points: MapPoints, index: number, by: ColourBy): string {
  if (index >= points.items) return queryColour;
  if (by === 'category') return series[points.category[index] ?? -1] ?? other;
  if (by === 'clicks') return ramp[stepOf(points.clicks[index] ?? 0, clickSteps)] ?? other;
  return ramp[stepOf(ctrOf(points, index) ?? 0, ctrSteps)] ?? other;
}

export function legendOf(categories: readonly string[], by: ColourBy): LegendEntry[] {
  if (by === 'category')
    return [
      ...categories.map((label, at) => ({ label, colour: series[at] ?? other })),
      { label: categories.length === 0 ? 'items' : 'other', colour: other },
    ];
  const labels =
    by === 'clicks'
      ? ['no clicks', '1–4', '5–19', '20–99', '100 and more']
      : ['none', 'below 10 %', '10–25 %', '25–50 %', '50 % and more'];
  return labels.map((label, at) => ({ label, colour: ramp[at] ?? other }));
}

function rgbOf(variable: string): [number, number, number] {
  const text = getComputedStyle(document.documentElement).getPropertyValue(variable).trim().replace('#', '');
  const value = Number.parseInt(text, 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Red, green, blue and alpha of each point; what is outside of the selection fades. */
export function paintPoints(
  points: MapPoints,
  { by, hasQueries, selected }: { by: ColourBy; hasQueries: boolean; selected: ReadonlySet<number> },
): Uint8Array {
  const known = new Map<string, [number, number, number]>();
  const colours = new Uint8Array(points.ids.length * 4);
  for (let index = 0; index < points.ids.length; index++) {
    const variable = colourOf(points, index, by);
    const rgb = known.get(variable) ?? rgbOf(variable);
    known.set(variable, rgb);
    const isHidden = index >= points.items && !hasQueries;
    const alpha = isHidden ? 0 : selected.size > 0 && !selected.has(index) ? 40 : 200;
    colours.set([...rgb, alpha], index * 4);
  }
  return colours;
}
