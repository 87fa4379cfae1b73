import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { differentiate, type Feeds, listDifferentiableOperators, withSession } from '../../src/autodiff/index.ts';
import { dataTypes, floatValues, makeValueInfo, type OnnxModel } from '../../src/onnx/index.ts';
import { createNormalSource } from '../graphs/random-normal.ts';
import { CaseGraph, type OperatorCase, operatorCases } from './operator-cases.ts';

function makeFeeds(rows: number, length: number): Feeds {
  const normal = createNormalSource(rows * 31 + length);
  const cells = rows * length;
  return {
    input: new Tensor('float32', Float32Array.from({ length: cells * 4 }, normal), [rows, length, 4]),
    ids: new Tensor(
      'int64',
      BigInt64Array.from({ length: cells }, (_, i) => BigInt((i * 5) % 3)),
      [rows, length],
    ),
  };
}

/** The loss weighs every entry of the result differently, so that no error can hide in a sum. */
function buildCase([, build]: OperatorCase): { model: OnnxModel; trainable: string[] } {
  const g = new CaseGraph();
  const y = build(g);
  const count = g.op('Cast', [g.op('Size', [y])], { attributes: { to: dataTypes.float } });
  const ramp = g.op('Range', [g.float(0), count, g.float(1)]);
  const shares = g.op('Sin', [g.op('Reshape', [ramp, g.op('Shape', [y])])]);
  g.op('ReduceSum', [g.op('Mul', [y, shares])], { attributes: { keepdims: 0 }, output: 'loss' });
  const model = {
    opsetImport: [
      { domain: '', version: 20 },
      { domain: 'com.microsoft', version: 1 },
    ],
    metadataProps: [],
    graph: {
      name: 'case',
      node: g.nodes,
      initializer: g.initializers,
      input: [
        makeValueInfo('input', dataTypes.float, ['rows', 'length', 4]),
        makeValueInfo('ids', dataTypes.int64, ['rows', 'length']),
      ],
      output: [{ name: 'loss' }],
      valueInfo: [],
    },
  };
  const used = new Set(g.nodes.flatMap((node) => node.input));
  // Cases of weights alone leave the activation out.
  const reached = g.nodes.some((node) => node !== g.nodes[0] && node.input.includes(g.x));
  return { model, trainable: g.trainable.filter((name) => used.has(name) && (name !== 'w0' || reached)) };
}

async function differencesOf(testCase: OperatorCase): Promise<{ name: string; entry: number; by: number }[]> {
  const training = await differentiate({
    ...buildCase(testCase),
    loss: 'loss',
    probes: [makeFeeds(3, 5), makeFeeds(4, 6)],
  });
  const weights = [...training.parameters].map(([name, { dims }]) => {
    const values = floatValues(training.parameters.get(name) ?? { dims: [] });
    return { name, values, tensor: new Tensor('float32', values, dims) };
  });
  const feeds = { ...makeFeeds(2, 3), ...Object.fromEntries(weights.map(({ name, tensor }) => [name, tensor])) };
  return withSession(training.model, { threads: 1, optimization: 'basic' }, async (run) => {
    const first = await run(feeds);
    const found: { name: string; entry: number; by: number }[] = [];
    const lossWith = async (set: () => void) => {
      set();
      return Number((await run(feeds)).loss?.data[0]);
    };
    for (const { name, values } of weights) {
      const gradient = first[`grad:${name}`];
      expect(gradient?.dims).toEqual(training.parameters.get(name)?.dims);
      for (const [entry, value] of Array.from(values.entries())) {
        const up = await lossWith(() => values.fill(value + 5e-3, entry, entry + 1));
        const down = await lossWith(() => values.fill(value - 5e-3, entry, entry + 1));
        values[entry] = value;
        const numeric = (up - down) / 1e-2;
        const analytic = Number(gradient?.data[entry]);
        found.push({ name, entry, by: Math.abs(numeric - analytic) / (1 + Math.abs(numeric)) });
      }
    }
    return found;
  });
}

describe('gradient rules', () => {
  it.each(operatorCases.map((testCase) => [testCase[0], testCase] as const))(
    '%s: equals finite differences',
    async (_, testCase) => {
      const differences = await differencesOf(testCase);
      expect(differences.length).toBeGreaterThan(0);
      expect(differences.filter(({ by }) => !(by < 5e-3))).toEqual([]);
    },
  );

  it('every operator with a rule has a case', () => {
    const covered = new Set(
      operatorCases.flatMap(([, build]) => {
        const g = new CaseGraph();
        build(g);
        return g.nodes.map((node) => node.opType);
      }),
    );
    expect(listDifferentiableOperators().filter((opType) => !covered.has(opType))).toEqual([]);
    expect(listDifferentiableOperators().length).toBeGreaterThanOrEqual(45);
  });
});
