import { writeFile } from 'node:fs/promises';
import type { LinearAdapter } from '@embedding-studio/contracts';
import { applyAdapterToMany, openTensorFlow } from '@embedding-studio/ml/adapters';
import { createRandom } from '@embedding-studio/ml/ranking';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { alternate, inverse } from '../alternate.ts';
import { isMet, type Measurement } from '../loop/measurement.ts';
import { renderReport } from '../loop/render-report.ts';
import { describeMachine, loadNow } from '../machine.ts';

const dims = 384;
const rank = 32;
const itemsPerSecondMin = 20_000;

export interface AdaptersBenchOptions {
  itemsMax: number;
  repeats: number;
  json?: string;
}

/** Moving stored vectors by an adapter, as a reindex of tier T2 does, against TensorFlow.js with the same matrices. */
export async function runAdaptersBench(options: AdaptersBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const start = loadNow();
  const progress = createProgress();
  const random = createRandom(1);
  const draw = (length: number, scale: number) => Float32Array.from({ length }, () => (random() - 0.5) * scale);
  const adapter: LinearAdapter = {
    dims,
    rank,
    u: draw(dims * rank, 0.1),
    v: draw(dims * rank, 0.1),
    bias: draw(dims, 0.01),
  };
  const items = draw(options.itemsMax * dims, 1);
  const { tf, backend } = await openTensorFlow();
  progress.say(`moving ${options.itemsMax} vectors of ${dims} dims by rank ${rank}; beside it ${backend}`);
  const [u, v, bias] = [
    tf.tensor2d(adapter.u, [dims, rank]),
    tf.tensor2d(adapter.v, [dims, rank]),
    tf.tensor1d(adapter.bias),
  ];
  const multiply = async () => {
    const moved = tf.tidy(() => {
      const x = tf.tensor2d(items, [options.itemsMax, dims]);
      const sum = tf.add(tf.add(x, tf.matMul(tf.matMul(x, v), tf.transpose(u))), bias);
      return tf.div(sum, tf.norm(sum, 'euclidean', 1, true));
    });
    const values = await moved.data();
    moved.dispose();
    return values as Float32Array;
  };
  const rows = Array.from({ length: options.itemsMax }, (_, at) => items.subarray(at * dims, (at + 1) * dims));
  const differs = largestDifference(await applyAdapterToMany(adapter, rows), await multiply());
  const compared = await alternate({
    ours: { name: 'applyAdapterToMany, vectors in and out', run: () => applyAdapterToMany(adapter, rows) },
    bare: { name: `one multiplication by ${backend}`, run: multiply },
    repeats: options.repeats,
  });
  const itemsPerSecond = options.itemsMax / compared.ours.seconds.median;
  const measurement: Measurement = {
    name: 'adapter',
    what: `items per second moved by an adapter (${dims} dims, rank ${rank}), of the rate of ${backend}`,
    ...{ goal: { at: 'least', value: 0.7 }, ratio: inverse(compared.timesBare), compared },
    facts: { items: options.itemsMax, itemsPerSecond, largestDifference: differs },
  };
  const report = {
    machine: describeMachine(),
    load: { start, end: loadNow() },
    model: 'none',
    measurements: [measurement],
  };
  process.stdout.write(`${renderReport({ ...report, title: 'adapters over stored vectors' })}\n`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  return { isGoalMissed: !isMet(measurement) || itemsPerSecond < itemsPerSecondMin };
}

function largestDifference(left: readonly Float32Array[], right: Float32Array): number {
  const changes = left.flatMap((vector, row) =>
    [...vector].map((value, at) => Math.abs(value - (right[row * dims + at] ?? 0))),
  );
  return changes.reduce((largest, change) => Math.max(largest, change), 0);
}
