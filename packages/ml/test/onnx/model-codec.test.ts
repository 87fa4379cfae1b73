import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dataTypes,
  decodeModel,
  encodeModel,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  tensorValues,
} from '../../src/onnx/index.ts';
import { buildBert } from '../graphs/tiny-encoders.ts';

const name = fc.string({ unit: 'grapheme', maxLength: 6 });
const bytes = fc.uint8Array({ maxLength: 9 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const small = fc.integer({ min: -5, max: 2 ** 40 });
const float = fc.float({ noNaN: true });
/** A field number this codec has no name for, as a varint: 30 is used by no ONNX message. */
const unknownFields = fc.constantFrom<Uint8Array[]>(
  [Uint8Array.of(0xf0, 0x01, 7)],
  [Uint8Array.of(0xf2, 0x01, 2, 9, 9)],
);

const tensor: fc.Arbitrary<OnnxTensor> = fc.record(
  {
    dims: fc.array(small, { maxLength: 3 }),
    dataType: fc.integer({ min: 0, max: 22 }),
    name,
    rawData: bytes,
    floatData: fc.array(float, { minLength: 1, maxLength: 3 }),
    int32Data: fc.array(fc.integer(), { minLength: 1, maxLength: 3 }),
    int64Data: fc.array(int64, { minLength: 1, maxLength: 3 }),
    doubleData: fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 3 }),
    uint64Data: fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: 1, maxLength: 3 }),
    stringData: fc.array(bytes, { minLength: 1, maxLength: 2 }),
    unknownFields,
  },
  { requiredKeys: ['dims'] },
);

const { graph: graphs } = fc.letrec<{ graph: OnnxGraph; node: OnnxNode; attribute: OnnxAttribute }>((tie) => ({
  attribute: fc.record(
    {
      name,
      type: fc.integer({ min: 0, max: 14 }),
      f: float,
      i: int64,
      s: bytes,
      t: tensor,
      g: fc.option(tie('graph'), { nil: undefined, depthIdentifier: 'graphs', maxDepth: 1 }),
      floats: fc.array(float, { minLength: 1, maxLength: 3 }),
      ints: fc.array(int64, { minLength: 1, maxLength: 3 }),
      strings: fc.array(bytes, { minLength: 1, maxLength: 2 }),
      unknownFields,
    },
    { requiredKeys: [] },
  ),
  node: fc.record(
    {
      input: fc.array(name, { maxLength: 3 }),
      output: fc.array(name, { maxLength: 2 }),
      name,
      opType: name,
      domain: name,
      attribute: fc.array(tie('attribute'), { maxLength: 2 }),
      unknownFields,
    },
    { requiredKeys: ['input', 'output', 'attribute'] },
  ),
  graph: fc.record(
    {
      name,
      node: fc.array(tie('node'), { maxLength: 2 }),
      initializer: fc.array(tensor, { maxLength: 2 }),
      input: fc.constant([{ name: 'x', type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: 'n' }] } } } }]),
      output: fc.array(fc.record({ name }), { maxLength: 1 }),
      valueInfo: fc.constant([]),
      unknownFields,
    },
    { requiredKeys: ['node', 'initializer', 'input', 'output', 'valueInfo'] },
  ),
}));

const models: fc.Arbitrary<OnnxModel> = fc.record(
  {
    irVersion: fc.integer({ min: 0, max: 12 }),
    producerName: name,
    modelVersion: int64,
    graph: graphs,
    opsetImport: fc.array(fc.record({ domain: name, version: small }), { minLength: 1, maxLength: 2 }),
    metadataProps: fc.array(fc.record({ key: name, value: name }), { maxLength: 1 }),
    unknownFields,
  },
  { requiredKeys: ['graph', 'opsetImport', 'metadataProps'] },
);

/** Without what only a file has (offsets), and without keys that hold nothing. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value)) return [...(value as Uint8Array)];
  if (typeof value === 'number') return value === 0 ? 0 : value;
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([key, item]) => key !== 'rawOffset' && item !== undefined);
  return Object.fromEntries(kept.map(([key, item]) => [key, plain(item)]));
}

describe('the ONNX codec', () => {
  it('loses nothing: any model reads back as it was written, unknown fields included', () => {
    fc.assert(
      fc.property(models, (model) => {
        expect(plain(decodeModel(encodeModel(model)))).toEqual(plain(model));
      }),
      { numRuns: 100 },
    );
  });

  it('writes what it read byte for byte, for files of its own and of PyTorch', () => {
    const folder = new URL('../fixtures/torch/', import.meta.url);
    const exported = readdirSync(folder).filter((file) => file.endsWith('.onnx'));
    const files = exported.map((file) => Uint8Array.from(readFileSync(new URL(file, folder))));
    for (const file of [...files, encodeModel(buildBert({ opset: 17, decomposed: false }))]) {
      expect(Buffer.compare(encodeModel(decodeModel(file)), file)).toBe(0);
    }
  });

  it('reads number lists packed or not', () => {
    const model = (dims: number[]) =>
      Uint8Array.of(0x3a, 2 + dims.length, 0x2a, dims.length, ...dims, 0x42, 2, 0x10, 20);
    expect(decodeModel(model([0x08, 2, 0x08, 3])).graph.initializer[0]?.dims).toEqual([2, 3]);
    expect(decodeModel(model([0x0a, 2, 2, 3])).graph.initializer[0]?.dims).toEqual([2, 3]);
  });

  it('meets any damaged file with a clear error or a model, and never with anything else', () => {
    const file = encodeModel(buildBert({ opset: 17, decomposed: true }, 1)).slice(0, 4000);
    const damage = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { maxLength: 6 });
    const attempt = (bytes: Uint8Array) => {
      try {
        decodeModel(bytes);
      } catch (error) {
        expect(error).toMatchObject({ name: 'StudioError', message: expect.stringMatching(/ONNX file|external file/) });
      }
    };
    const damaged = fc.property(damage, fc.nat(file.length), (changes, length) => {
      const bytes = file.slice(0, length);
      for (const [place, byte] of changes) if (place < length) bytes[place] = byte;
      attempt(bytes);
    });
    fc.assert(damaged, { numRuns: 200 });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), attempt));
  });

  it('says what is wrong with a file', () => {
    expect(() => decodeModel(new Uint8Array())).toThrow('Not a readable ONNX file: it has no graph');
    expect(() => decodeModel(Uint8Array.of(0x3a, 200, 1))).toThrow('a field of 200 bytes runs past its end (byte 3)');
    expect(() => decodeModel(new Uint8Array(20).fill(0xff))).toThrow('a number runs over ten bytes');
    expect(() => decodeModel(Uint8Array.of(0x3a, 3, 0x12, 1, 0xff))).toThrow('not valid UTF-8 (byte 4)');
  });

  it('refuses endless nesting', () => {
    const nested = [0x32, 0x2a, 0x0a];
    let model = Uint8Array.of();
    const wrap = (tag: number) => Uint8Array.from([tag, (model.length & 127) | 128, model.length >> 7, ...model]);
    for (let depth = 0; depth < 300; depth += 1) model = wrap(nested[depth % 3] ?? 0);
    model = wrap(0x3a);
    expect(() => decodeModel(model)).toThrow('messages are nested more than 64 deep');
  });

  it('refuses tensors kept in other files, and shows where they claim to be', () => {
    const initializer = {
      name: 'weights',
      dims: [1],
      dataType: dataTypes.float,
      dataLocation: 1,
      externalData: [{ key: 'location', value: '../../etc/passwd' }],
    };
    const model = buildBert({ opset: 17, decomposed: false }, 1);
    const graph = { ...model.graph, initializer: [...model.graph.initializer, initializer] };
    expect(() => decodeModel(encodeModel({ ...model, graph }))).toThrow(
      'Tensor weights keeps its values in an external file ("../../etc/passwd"): save the model as one file',
    );
  });
});

describe('tensor values', () => {
  it('come from raw bytes and from typed fields alike', () => {
    expect(tensorValues({ dims: [2], dataType: 1, rawData: Uint8Array.of(0, 0, 128, 63, 0, 0, 0, 64) })).toEqual(
      Float32Array.of(1, 2),
    );
    expect(tensorValues({ dims: [2], dataType: 1, floatData: [1, 2] })).toEqual(Float32Array.of(1, 2));
    expect(tensorValues({ dims: [1], dataType: 7, int64Data: [-3n] })).toEqual(BigInt64Array.of(-3n));
    expect(tensorValues({ dims: [2], dataType: 9, int32Data: [0, 1] })).toEqual(Uint8Array.of(0, 1));
  });

  it('must fill the dims', () => {
    expect(() => tensorValues({ name: 'w', dims: [3], dataType: 1, rawData: new Uint8Array(8) })).toThrow(
      'Tensor w should hold 3 values by its dims, but its data hold 2',
    );
    expect(() => tensorValues({ name: 'w', dims: [3], dataType: 8 })).toThrow('Tensor w has element type 8');
  });
});
