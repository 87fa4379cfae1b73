import { writeFile } from 'node:fs/promises';
import { table } from '../../apps/studio/src/terminal/table.ts';
import { measureNeeds, measurePower } from './measure-needs.ts';
import { makeQueries, type Searcher } from './simulate-searchers.ts';

const coins = 500;
const powerRuns = 100;
const seed = 5;

/** Searches for 95 % power at 5 %: A/B tests beside interleaving, where the better ranking is known. */
export async function runInterleavingBench({ json }: { json?: string }): Promise<{ isGoalMissed: boolean }> {
  const queries = makeQueries({ count: 60, noise: [0.08, 0.06], seed });
  const worlds = (['pbm', 'cascade'] as const).map((searcher: Searcher) => {
    const world = { queries, searcher, seed };
    const needs = measureNeeds(world, coins);
    const searches = Math.ceil(needs.find(({ way }) => way === 'team-draft')?.searches ?? 0);
    return { searcher, needs, power: measurePower(world, { searches, runs: powerRuns }), searches };
  });
  const rows = worlds.flatMap(({ searcher, needs }) => {
    const ab = needs.find(({ way }) => way === 'A/B, CTR')?.searches ?? 0;
    return needs.map(({ way, effect, searches }) => [
      ...[searcher, way, effect.toFixed(4), Math.ceil(searches).toLocaleString('en')],
      `${(ab / searches).toFixed(1)}x`,
    ]);
  });
  const text = table(['searchers', 'way', 'effect', 'searches for 95 % power', 'fewer than A/B, CTR'], rows);
  const checks = worlds.map(
    ({ searcher, power, searches }) =>
      `${searcher}: team-draft with ${searches.toLocaleString('en')} searches saw the better list ahead in ${(100 * power).toFixed(1)} % of ${powerRuns} runs`,
  );
  process.stdout.write(`${[...text, '', ...checks].join('\n')}\n`);
  if (json !== undefined) await writeFile(json, JSON.stringify({ worlds }, null, 2));
  const isMissed = worlds.some(({ needs, power }) => {
    const [ab, draft] = [needs[0]?.searches ?? 0, needs.at(-1)?.searches ?? Number.POSITIVE_INFINITY];
    return ab / draft < 3 || power < 0.88;
  });
  return { isGoalMissed: isMissed };
}
