import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  defaultTritonServing,
  type ServedGraph,
  type TritonServing,
  writeTritonConfig,
} from '../../src/model-server/triton-config.ts';
import { findProtoFaults, modelConfigSchema } from './read-text-proto.ts';

const text: ServedGraph = {
  inputs: [
    { name: 'input_ids', datatype: 'INT64', dims: [-1] },
    { name: 'attention_mask', datatype: 'INT64', dims: [-1] },
  ],
  output: { name: 'sentence_embedding', datatype: 'FP32', dims: [384] },
};
const tower: ServedGraph = {
  inputs: [{ name: 'pixel_values', datatype: 'FP32', dims: [3, 224, 224] }],
  output: { name: 'image_embedding', datatype: 'FP32', dims: [512] },
};
const write = (graph: ServedGraph, more: Partial<TritonServing> = {}) =>
  writeTritonConfig({ name: 'mdl_1', graph, serving: { ...defaultTritonServing, ...more }, memoryBytes: 90_000_000 });
const golden = (name: string) => readFileSync(new URL(`../fixtures/triton/${name}.pbtxt`, import.meta.url), 'utf8');

const onGpus = { device: 'gpu', instances: 2, tensorRt: 'fp16', maxBatchRows: 32 } as const;

describe("Triton's model configuration", () => {
  it.each([
    ['text-default', write(text)],
    ['text-tensorrt', write(text, onGpus)],
    ['tower-cpu', write(tower, { device: 'cpu', tensorRt: 'fp16', isWarmedUp: false })],
  ])('is the one of the file %s', (name, written) => {
    expect(written).toBe(golden(name));
  });

  it('names nothing that ModelConfig does not have, whatever is chosen', () => {
    for (const graph of [text, tower])
      for (const device of ['auto', 'cpu', 'gpu'] as const)
        for (const tensorRt of ['off', 'fp32', 'fp16'] as const)
          expect(findProtoFaults(write(graph, { device, tensorRt }), modelConfigSchema, 'ModelConfig')).toEqual([]);
  });

  it('would be told of an unknown field, a value of another type and an open brace', () => {
    const faulty = 'name: "a"\nmax_batch: 3\nmax_batch_size: "3"\ninstance_group {\n  kind: CPU\n';
    expect(findProtoFaults(faulty, modelConfigSchema, 'ModelConfig')).toEqual([
      'ModelConfig has no field max_batch',
      'ModelConfig.max_batch: 3 is no undefined',
      'ModelConfig.max_batch_size: "3" is no int',
      'ModelInstanceGroup.kind: CPU is no KIND_',
      '1 braces do not close',
    ]);
  });
});
