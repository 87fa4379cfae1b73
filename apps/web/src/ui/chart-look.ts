/** Colours and text of every chart; told apart also by people who do not see all colours (see the gallery). */
export const seriesColours = [1, 2, 3, 4, 5, 6].map((n) => `var(--series-${n})`);
/** Second cue besides colour. */
export const seriesDashes = ['', '6 3', '2 3', '8 3 2 3', '1 3', '10 4'];

export const axisLook = {
  stroke: 'var(--line-strong)',
  tick: { fill: 'var(--ink-faint)', fontSize: 11 },
  tickLine: false,
  axisLine: false,
} as const;

export const gridLook = { stroke: 'var(--line)', vertical: false } as const;

export const tooltipLook = {
  contentStyle: {
    background: 'var(--raised)',
    border: '1px solid var(--line)',
    borderRadius: 8,
    boxShadow: 'var(--shadow)',
    fontSize: 12,
  },
  labelStyle: { color: 'var(--ink-faint)' },
  itemStyle: { color: 'var(--ink)' },
  isAnimationActive: false,
} as const;
