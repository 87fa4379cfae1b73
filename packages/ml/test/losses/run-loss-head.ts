import type { LossSpec } from '@embedding-studio/contracts';
import { Tensor } from 'onnxruntime-node';
import { differentiate } from '../../src/autodiff/index.ts';
import { dataTypes, encodeModel, makeTensor, makeValueInfo, type OnnxModel } from '../../src/onnx/index.ts';
import type { BatchInputs } from '../../src/trainer/batch-tensors.ts';
import { createLossHead } from '../../src/trainer/loss-heads.ts';
import { floatsOf, openSession, toTensor } from '../../src/trainer/training-session.ts';

const quiet = { threads: 2, executionProviders: ['cpu'], warn: () => {} };

/** Loss and gradients of the rows themselves: both towers are trainable tables. */
export async function runHead(loss: LossSpec, rows: { query: number[][]; item: number[][] }, inputs: BatchInputs) {
  const head = createLossHead(loss, { query: 'q', item: 'd' });
  const table = (name: string, values: number[][]) =>
    makeTensor(name, [values.length, values[0]?.length ?? 0], Float32Array.from(values.flat()));
  // Rows may be negative: twice the negation leaves them as they are.
  const identity = (input: string, output: string) => [
    { input: [input], output: [`minus_${output}`], name: `minus_${output}`, opType: 'Neg', attribute: [] },
    { input: [`minus_${output}`], output: [output], name: output, opType: 'Neg', attribute: [] },
  ];
  const model: OnnxModel = {
    irVersion: 9,
    opsetImport: [{ domain: '', version: 20 }],
    metadataProps: [],
    graph: {
      name: 'head',
      node: [...identity('queries', 'q'), ...identity('items', 'd'), ...head.nodes],
      initializer: [table('queries', rows.query), table('items', rows.item), ...head.initializers],
      input: head.inputs,
      output: [makeValueInfo('loss', dataTypes.float, [])],
      valueInfo: [],
    },
  };
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, toTensor(input)]));
  const trainable = ['queries', 'items'];
  const derived = await differentiate({
    model,
    loss: 'loss',
    trainable,
    probes: [feeds, feeds],
    keep: head.outputs,
  });
  const { session } = await openSession(encodeModel(derived.model), quiet);
  const tables = Object.fromEntries(
    trainable.map((name) => {
      const values = name === 'queries' ? rows.query : rows.item;
      return [name, new Tensor('float32', Float32Array.from(values.flat()), [values.length, values[0]?.length ?? 0])];
    }),
  );
  const out = await session.run({ ...feeds, ...tables });
  await session.release();
  return {
    loss: floatsOf(out.loss, 'loss')[0] ?? Number.NaN,
    queries: floatsOf(out['grad:queries'], 'queries'),
    items: floatsOf(out['grad:items'], 'items'),
    pairs: out.active_pairs && floatsOf(out.active_pairs, 'pairs')[0],
  };
}

export const int64 = (values: number[]): BatchInputs[string] => ({
  type: 'int64',
  dims: [values.length],
  values: BigInt64Array.from(values.map(BigInt)),
});

export const floats = (dims: number[], values: number[]): BatchInputs[string] => ({
  type: 'float32',
  dims,
  values: Float32Array.from(values),
});
