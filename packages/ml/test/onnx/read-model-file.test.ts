import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import { prepareModel, withSession } from '../../src/autodiff/index.ts';
import {
  dataTypes,
  decodeModel,
  encodeModel,
  GraphBuilder,
  makeTensor,
  makeValueInfo,
  type OnnxModel,
  type OnnxTensor,
  readModelFile,
  requireTotal,
  widenHalf,
} from '../../src/onnx/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'external-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const weights = Float32Array.of(0.5, -2, 3, 0.25);

function createModel(initializer: OnnxTensor): OnnxModel {
  const builder = new GraphBuilder();
  builder.op('MatMul', ['x', 'w'], { output: 'y' });
  return {
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    metadataProps: [],
    graph: {
      name: 'g',
      node: builder.nodes,
      initializer: [initializer],
      input: [makeValueInfo('x', dataTypes.float, ['rows', 2])],
      output: [makeValueInfo('y', dataTypes.float, ['rows', 2])],
      valueInfo: [],
    },
  };
}

function writeExternal(facts: Record<string, string>, name = 'model.onnx'): string {
  const externalData = Object.entries(facts).map(([key, value]) => ({ key, value }));
  const tensor = { name: 'w', dims: [2, 2], dataType: dataTypes.float, dataLocation: 1, externalData };
  const path = join(folder, name);
  writeFileSync(path, encodeModel(createModel(tensor)));
  return path;
}

async function multiply(model: OnnxModel): Promise<number[]> {
  const x = new Tensor('float32', Float32Array.of(1, 2), [1, 2]);
  const { y } = await withSession(model, { threads: 1, optimization: 'disabled' }, (run) => run({ x }));
  return Array.from(y?.data as Float32Array);
}

describe('weights in files beside the model', () => {
  writeFileSync(join(folder, 'model.onnx_data'), Buffer.concat([Buffer.alloc(64, 7), Buffer.from(weights.buffer)]));
  const facts = { location: 'model.onnx_data', offset: '64', length: '16' };

  it('are read into the model, which is then one file', async () => {
    const model = await readModelFile(writeExternal(facts));
    expect(await multiply(decodeModel(encodeModel(model)))).toEqual([6.5, -1.5]);
  });

  it('may lie in a folder below it', async () => {
    mkdirSync(join(folder, 'data'), { recursive: true });
    writeFileSync(join(folder, 'data', 'w.bin'), new Uint8Array(weights.buffer));
    expect(await multiply(await readModelFile(writeExternal({ location: 'data/w.bin' })))).toEqual([6.5, -1.5]);
  });

  it('are not read from anywhere else', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    writeFileSync(join(outside, 'w.bin'), new Uint8Array(weights.buffer));
    symlinkSync(join(outside, 'w.bin'), join(folder, 'link.bin'));
    const places = ['../w.bin', 'a/../../w.bin', join(outside, 'w.bin'), 'link.bin', 'data\\w.bin', '', '.', 'c:w.bin'];
    for (const location of places)
      await expect(readModelFile(writeExternal({ location }))).rejects.toThrow(
        expect.objectContaining({ code: 'MODEL_INVALID', message: expect.stringContaining('cannot be used') }),
      );
    rmSync(outside, { recursive: true });
  });

  it('must be there and long enough', async () => {
    await expect(readModelFile(writeExternal({ location: 'none.bin' }))).rejects.toThrow('it is not there');
    for (const change of [{ offset: '68' }, { offset: '-4' }, { length: '12' }, { offset: 'x' }])
      await expect(readModelFile(writeExternal({ ...facts, ...change }))).rejects.toThrow('does not fit its place');
  });

  it('are named by those who can only read one file', () => {
    const tensor = { name: 'w', dims: [2, 2], dataType: 1, dataLocation: 1, externalData: [] };
    expect(() => decodeModel(encodeModel(createModel(tensor)))).toThrow('external file');
  });

  it('are refused when all is over what one file holds', () => {
    expect(() => requireTotal(2.4e9)).toThrow('2.4 GB; an artefact is one ONNX file, which holds at most 2 GB');
    expect(() => requireTotal(2e9)).not.toThrow();
  });
});

describe('models of 16 bits', () => {
  const half = makeTensor('w', [2, 2], {
    dataType: dataTypes.float16,
    values: Uint16Array.of(0x3800, 0xc000, 0x4200, 0x3400),
  });

  it('become float32 ones with the same values, inside and out', async () => {
    const narrow = createModel(half);
    narrow.graph.input = [makeValueInfo('x', dataTypes.float16, ['rows', 2])];
    narrow.graph.output = [makeValueInfo('y', dataTypes.float16, ['rows', 2])];
    expect(await multiply(widenHalf(narrow))).toEqual([6.5, -1.5]);
  });

  it('lose the casts between the two types', async () => {
    const mixed = createModel(half);
    const builder = new GraphBuilder('c');
    const narrow = builder.op('Cast', ['x'], { attributes: { to: dataTypes.float16 } });
    const product = builder.op('MatMul', [narrow, 'w']);
    builder.op('Cast', [product], { attributes: { to: dataTypes.float }, output: 'y' });
    mixed.graph.node = builder.nodes;
    expect(await multiply(widenHalf(mixed))).toEqual([6.5, -1.5]);
  });

  it('are widened from bfloat16 too', async () => {
    const values = Uint16Array.of(0x3f00, 0xc000, 0x4040, 0x3e80);
    const brain = makeTensor('w', [2, 2], { dataType: dataTypes.bfloat16, values });
    expect(await multiply(widenHalf(createModel(brain)))).toEqual([6.5, -1.5]);
  });

  it('stay as they are when there is nothing to widen', () => {
    const model = createModel(makeTensor('w', [2, 2], weights));
    expect(widenHalf(model)).toBe(model);
  });

  it('are not trained without that, and the refusal says what to do', () => {
    expect(() => prepareModel(createModel(half))).toThrow('Weight w holds 16-bit values: "studio model import"');
  });
});

describe('quantised models', () => {
  it.each(['DynamicQuantizeLinear', 'MatMulInteger', 'QLinearMatMul', 'DequantizeLinear'])(
    '%s: are refused',
    (opType) => {
      const model = createModel(makeTensor('w', [2, 2], weights));
      model.graph.node.push({ input: ['y'], output: ['z'], opType, name: 'node_7', attribute: [] });
      expect(() => prepareModel(model)).toThrow(
        `The model is quantised (ai.onnx::${opType} (node node_7)): its rounded weights cannot be trained. Import the float`,
      );
    },
  );

  it('are not confused with QuickGelu', () => {
    const model = createModel(makeTensor('w', [2, 2], weights));
    model.graph.node.push({ input: ['y'], output: ['z'], opType: 'QuickGelu', domain: 'com.microsoft', attribute: [] });
    expect(() => prepareModel(model)).not.toThrow();
  });
});
