import type { Judged } from './judge-soak.ts';
import type { SoakReport } from './run-soak.ts';

/** The table that closes a soak. */
export function describeSoak({ figures, requests, rollouts, isSound }: SoakReport): string {
  const isThere = ({ unit, first, last }: Judged) => unit !== 'rows' || first > 0 || last > 0;
  const rows = figures.filter(isThere).map(({ name, unit, first, last, slopePerHour, mayGrow, isSound: isFine }) => {
    const verdict = mayGrow === undefined ? (isFine ? 'steady' : 'GROWS') : `may grow: ${mayGrow}`;
    return `| ${name} | ${unit} | ${first.toFixed(0)} | ${last.toFixed(0)} | ${slopePerHour.toFixed(0)} | ${verdict} |`;
  });
  const failures = Object.entries(requests.failures).map(([why, count]) => `${why}: ${count}`);
  return [
    '| figure | unit | first third | last third | slope per hour | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
    `${requests.requests} requests, ${requests.searches} of them searches, and ${rollouts} rollouts; slowest ${(requests.slowestMs / 1_000).toFixed(1)} s.`,
    failures.length === 0 ? 'Every request was answered.' : `Refused: ${failures.join(', ')}.`,
    isSound ? 'Nothing leaks.' : 'FAILED.',
  ].join('\n');
}
