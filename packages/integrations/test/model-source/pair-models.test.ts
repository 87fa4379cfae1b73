import { createRandom } from '@embedding-studio/ml/ranking';
import { expect, it } from 'vitest';
import { fitProjection } from '../../src/model-source/pair/fit-projection.ts';
import { readModuleWeights } from '../../src/model-source/tfjs-modules.ts';

const minified = (weights: string) =>
  `!function(e){n.exports={modelTopology:{a:{b:.5}},weightsManifest:[{paths:["s"],weights:[${weights}]}]}},{}`;
const weight = (name: string, shape: string) =>
  `{name:"${name}",shape:[${shape}],dtype:"float32",quantization:{min:-.5,scale:.01,dtype:"uint8"}}`;
const shard = (bytes: number[]) => `n.exports="${Buffer.from(bytes).toString('base64')}"},{}`;
const many = Array.from({ length: 1_000 }, (_, at) => at % 256);

it('reads weights out of minified modules without running them', () => {
  const weights = readModuleWeights(minified(`${weight('a/kernel', '2,3')},${weight('b', '994')}`), shard(many));
  expect(weights.get('a/kernel')?.dims).toEqual([2, 3]);
  expect([...(weights.get('a/kernel')?.values ?? [])].map((value) => value.toFixed(2))).toEqual([
    ...['-0.50', '-0.49', '-0.48', '-0.47', '-0.46', '-0.45'],
  ]);
  expect(weights.get('b')?.values[0]).toBeCloseTo(-0.44, 6);
});

it('refuses modules whose bytes and description disagree', () => {
  for (const [description, bytes] of [
    [minified(weight('a', '2000')), many],
    [minified(weight('a', '10')), many],
    ['no manifest', many],
    [minified(weight('a', '1000')), []],
  ] as const)
    expect(() => readModuleWeights(description, shard([...bytes]))).toThrow(/cannot be read/);
});

it('projects onto what varies, around the mean, so that cosines stay', () => {
  const random = createRandom(3);
  // Two strong directions in ten, far from the origin, and a little noise.
  const sample = Array.from({ length: 60 }, () => {
    const [x, y] = [random() - 0.5, random() - 0.5];
    return Float32Array.from({ length: 10 }, (_, at) => 5 + (at === 2 ? 3 * x : at === 7 ? 2 * y : 0.001 * random()));
  });
  const { weight, bias } = fitProjection(sample, { dims: 2, seed: 1 });
  const project = (row: Float32Array) =>
    [0, 1].map((to) => (bias[to] ?? 0) + row.reduce((sum, value, at) => sum + value * (weight[at * 2 + to] ?? 0), 0));
  const projected = sample.map(project);
  const [a = [], b = []] = projected;
  const kept = Math.hypot((a[0] ?? 0) - (b[0] ?? 0), (a[1] ?? 0) - (b[1] ?? 0));
  const [left, right] = sample;
  const full = Math.hypot(...(left ?? []).map((value, at) => value - (right?.[at] ?? 0)));
  expect(kept).toBeCloseTo(full, 3);
  for (const to of [0, 1]) expect(Math.abs(projected.reduce((sum, row) => sum + (row[to] ?? 0), 0))).toBeLessThan(1e-3);
  expect(fitProjection(sample, { dims: 2, seed: 1 })).toEqual({ weight, bias });
});
