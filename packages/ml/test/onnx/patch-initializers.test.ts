import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeModel,
  encodeModel,
  GraphBuilder,
  makeTensor,
  type OnnxModel,
  type OnnxTensor,
  patchInitializers,
  tensorValues,
} from '../../src/onnx/index.ts';
import { namesOfWeights } from '../graphs/encoder-families.ts';
import { buildBert } from '../graphs/tiny-encoders.ts';

const model = buildBert({ opset: 17, decomposed: false }, 1);
const file = encodeModel(model);

function withInitializers(...initializer: OnnxTensor[]): OnnxModel {
  return { ...model, graph: { ...model.graph, initializer: [...model.graph.initializer, ...initializer] } };
}

describe('patching weights in a file', () => {
  it('changes the bytes of the named weights and no other byte', () => {
    const weights = namesOfWeights(model);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...weights), { minLength: 1, maxLength: 5 }),
        fc.float(),
        (names, value) => {
          const before = new Map(decodeModel(file).graph.initializer.map((tensor) => [tensor.name ?? '', tensor]));
          const sizeOf = (name: string) => (before.get(name)?.rawData?.length ?? 0) / 4;
          const replacements = new Map(names.map((name) => [name, new Float32Array(sizeOf(name)).fill(value)]));
          const patched = patchInitializers(file, replacements);
          expect(patched.length).toBe(file.length);
          const allowed = new Set(
            names.flatMap((name) => {
              const start = before.get(name)?.rawOffset ?? 0;
              return Array.from({ length: sizeOf(name) * 4 }, (_, i) => start + i);
            }),
          );
          const changed = patched.findIndex((byte, i) => byte !== file[i] && !allowed.has(i));
          expect(changed).toBe(-1);
          for (const tensor of decodeModel(patched).graph.initializer) {
            const wanted = replacements.get(tensor.name ?? '');
            if (wanted) expect(tensorValues(tensor)).toEqual(wanted);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('leaves the given file as it was, and works on a view into a larger buffer', () => {
    const larger = new Uint8Array(file.length + 3);
    larger.set(file, 3);
    const patched = patchInitializers(larger.subarray(3), new Map([['layer.0.norm2.bias', new Float32Array(12)]]));
    expect(Buffer.compare(larger.subarray(3), file)).toBe(0);
    const tensor = decodeModel(patched).graph.initializer.find((item) => item.name === 'layer.0.norm2.bias');
    expect(tensorValues(tensor ?? { dims: [] })).toEqual(new Float32Array(12));
  });

  it('reaches weights held by Constant nodes', () => {
    const builder = new GraphBuilder();
    const value = { tensor: makeTensor('', [2], Float32Array.of(1, 2)) };
    builder.op('Constant', [], { attributes: { value }, output: 'scale' });
    const held = encodeModel({ ...model, graph: { ...model.graph, node: [...model.graph.node, ...builder.nodes] } });
    const patched = decodeModel(patchInitializers(held, new Map([['scale', Float32Array.of(3, 4)]])));
    const attribute = patched.graph.node.at(-1)?.attribute[0];
    expect(tensorValues(attribute?.t ?? { dims: [] })).toEqual(Float32Array.of(3, 4));
  });

  it('names the weight that cannot be replaced, and why', () => {
    const attempt = (target: OnnxModel, name: string, count: number) => () =>
      patchInitializers(encodeModel(target), new Map([[name, new Float32Array(count)]]));
    const typed = withInitializers({ name: 'typed', dims: [2], dataType: 1, floatData: [1, 2] });
    const whole = withInitializers(makeTensor('whole', [2], BigInt64Array.of(1n, 2n)));
    expect(attempt(model, 'nowhere', 1)).toThrow('The model has no weight named nowhere');
    expect(attempt(model, 'words', 7)).toThrow('Weight words has 480 values ([40, 12]) but 7 were given');
    expect(attempt(typed, 'typed', 2)).toThrow('Weight typed is not stored as raw bytes');
    expect(attempt(whole, 'whole', 2)).toThrow('Weight whole holds int64 values');
    const tied = new GraphBuilder();
    tied.op('Identity', ['words'], { output: 'copy' });
    const shared = { ...model, graph: { ...model.graph, node: [...model.graph.node, ...tied.nodes] } };
    expect(attempt(shared, 'copy', 480)).toThrow('Weight copy shares the stored values of words');
  });
});

describe('the graph builder', () => {
  it('stores equal constants once and keeps different ones apart', () => {
    const builder = new GraphBuilder('p_');
    const names = [
      builder.float(1),
      builder.float(1),
      builder.int(1),
      builder.int([1]),
      builder.int([1]),
      builder.float(-0),
      builder.float(0),
    ];
    expect(new Set(names).size).toBe(5);
    expect(builder.initializers.map((tensor) => tensor.dims)).toEqual([[], [], [1], [], []]);
  });

  it('refuses a float where an integer attribute is meant', () => {
    expect(() => new GraphBuilder().op('Gelu', ['x'], { attributes: { alpha: 0.5 } })).toThrow(
      'Attribute alpha is 0.5, not an integer: write { float: 0.5 }',
    );
  });
});
