import type { ExplorationEstimate } from '@embedding-studio/core';

const names = { ips: 'IPS', snips: 'SNIPS', dr: 'DR' } as const;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export function renderEstimate(estimate: ExplorationEstimate): string {
  const { places, clickRate } = estimate;
  const lines = [`Explored places: ${places}; clicked as they were: ${clickRate === null ? '–' : percent(clickRate)}`];
  for (const [key, name] of Object.entries(names) as [keyof typeof names, string][]) {
    const value = estimate[key];
    lines.push(
      value.kind === 'insufficient'
        ? `${name}: too little to say: ${value.reason}`
        : `${name}: ${percent(value.mean)} (95 %: ${percent(value.lo)} to ${percent(value.hi)}), worth ${Math.floor(value.effective)} draws, ${percent(value.covered)} of its choices could have been drawn`,
    );
  }
  return lines.join('\n');
}
