/** The figures of docs/statistics.md: `npx tsx packages/stats/test/experiment/print-figures.ts`. */
import { createSeededRandom } from '../../src/index.ts';
import { makeWorld, measureAbPower, measureInterleavedPower, measureSensitivity } from './simulate-interleaving.ts';
import { simulateBreach, simulatePeeking, visits } from './simulate-peeking.ts';
import { simulatePower, simulateSplits, simulateWatchedSplits } from './simulate-splits.ts';

const print = (name: string, figures: unknown) => console.log(name.padEnd(34), JSON.stringify(figures));

for (const [name, tau] of [
  ['share', 0.02],
  ['spending', 0.2],
  ['ratio', 0.02],
] as const)
  print(
    `peeking, ${name}`,
    simulatePeeking({ draw: visits[name], runs: 1000, sessions: 5000, every: 100, tau, seed: 1 }),
  );

for (const [test, power] of [
  ['fixed', 0.8],
  ['sequential', 0.9],
] as const)
  print(`power ${power}, ${test}`, simulatePower({ rate: 0.3, effect: 0.06, power, test, runs: 4000, seed: 4 }));

print('split alarm, fair', simulateSplits({ share: 0.5, units: 50_000, runs: 100_000, seed: 2 }));
print('split alarm, 52/48', simulateSplits({ share: 0.52, units: 50_000, runs: 1000, seed: 3 }));
print('watched fair split', simulateWatchedSplits({ runs: 1000, units: 5000, every: 100, seed: 6 }));

for (const [share, rate] of [
  [0.5, 0.2],
  [0.5, 0.25],
  [0.05, 0.2],
  [0.05, 0.25],
] as const) {
  const waits = simulateBreach({
    rates: [0.3, rate],
    share,
    allowed: 0.02,
    runs: 200,
    most: 60_000,
    every: 100,
    seed: 7,
  });
  print(`breach .3 → ${rate} at ${100 * share} %`, { median: waits[100], ninetieth: waits[180] });
}

for (const noise of [0.12, 0.1, 0.09]) {
  const world = makeWorld(3, { a: noise, b: 0.08 });
  const random = createSeededRandom(9);
  const needed = measureSensitivity(world, 200_000, random);
  const interleaved = measureInterleavedPower(world, { runs: 1000, users: needed.interleavedUsers }, random);
  const ab = measureAbPower(world, { runs: 60, users: needed.abUsers }, random);
  print(`interleaving, noise ${noise} against .08`, { ...needed, power: { interleaved, ab } });
}
