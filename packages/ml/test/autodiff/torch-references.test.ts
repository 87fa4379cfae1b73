import { readdirSync, readFileSync } from 'node:fs';
import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { differentiate, type Feeds, prepareModel, readGradients, withSession } from '../../src/autodiff/index.ts';
import { decodeModel, floatValues } from '../../src/onnx/index.ts';
import { relativeDistance } from '../graphs/compare-gradients.ts';
import { makeTextFeeds } from '../graphs/encoder-feeds.ts';
import { appendRankingLoss } from '../graphs/ranking-loss.ts';

interface Reference {
  readonly pooling: 'mean' | 'none';
  readonly inputs: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly loss: number;
  /** By initializer name, in the initializer's own layout. */
  readonly gradients: Readonly<Record<string, { parameter: string; values: readonly number[] }>>;
}

const folder = new URL('../fixtures/torch/', import.meta.url);
const exports = readdirSync(folder).filter((file) => file.endsWith('.onnx'));

function readReference(file: string): Reference {
  return JSON.parse(readFileSync(new URL(file.replace('.onnx', '.json'), folder), 'utf8'));
}

function toFeeds({ inputs }: Reference): Feeds {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, rows]) => {
      const values = BigInt64Array.from(rows.flat().map(BigInt));
      return [name, new Tensor('int64', values, [rows.length, rows[0]?.length ?? 0])];
    }),
  );
}

// Ids of the shared feeds run higher than the vocabulary of the stored models.
function makeProbe(rows: number, length: number): Feeds {
  const feeds = makeTextFeeds(rows, length);
  const ids = BigInt64Array.from(feeds.input_ids?.data as BigInt64Array, (id) => id % 29n);
  return { ...feeds, input_ids: new Tensor('int64', ids, [rows, length]) };
}

describe('against PyTorch', () => {
  it('has stored exports to compare with', () => {
    expect(exports.length).toBeGreaterThanOrEqual(4);
  });

  it.each(exports)('%s: the loss and every gradient equal autograd in float64', async (file) => {
    const reference = readReference(file);
    const model = prepareModel(decodeModel(readFileSync(new URL(file, folder))));
    const training = await differentiate({
      model: appendRankingLoss(model, { pooling: reference.pooling }),
      loss: 'loss',
      trainable: Object.keys(reference.gradients),
      probes: [makeProbe(6, 5), makeProbe(9, 7)],
    });
    const weights = [...training.parameters].map(
      ([name, tensor]) => [name, new Tensor('float32', floatValues(tensor), tensor.dims)] as const,
    );
    const feeds = { ...toFeeds(reference), ...Object.fromEntries(weights) };
    const outputs = await withSession(training.model, { threads: 1, optimization: 'all' }, (run) => run(feeds));
    expect(Math.abs(Number(outputs.loss?.data[0]) - reference.loss)).toBeLessThan(1e-6);

    const found = readGradients(training, outputs);
    const apart = Object.entries(reference.gradients).map(([name, { parameter, values }]) => ({
      parameter,
      by: relativeDistance(values, found.get(name) ?? [], 1e-3),
    }));
    expect(apart.length).toBeGreaterThan(15);
    expect(apart.filter(({ by }) => !(by < 1e-4))).toEqual([]);
  });
});
