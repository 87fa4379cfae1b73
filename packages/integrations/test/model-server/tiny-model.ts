import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeModel, GraphBuilder, makeValueInfo } from '@embedding-studio/ml/onnx';

/** Writes `<repository>/<name>/1/model.onnx`: sentence_embedding = one-hot-like rows of a table, mean over the mask. */
export async function writeTinyModel(repository: string, name: string, scale = 1): Promise<void> {
  const g = new GraphBuilder('');
  const table = new Float32Array(16 * 4).map((_, index) => scale * Math.sin(index + 1));
  g.init('table', [16, 4], table);
  const rows = g.op('Gather', ['table', 'input_ids']);
  const mask = g.op('Unsqueeze', [g.op('Cast', ['attention_mask'], { attributes: { to: 1 } }), g.int([-1])]);
  const sum = g.op('ReduceSum', [g.op('Mul', [rows, mask]), g.int([1])], { attributes: { keepdims: 0 } });
  const count = g.op('ReduceSum', [mask, g.int([1])], { attributes: { keepdims: 0 } });
  g.op('Div', [sum, count], { output: 'sentence_embedding' });
  const ids = (input: string) => makeValueInfo(input, 7, ['batch', 'seq']);
  const bytes = encodeModel({
    irVersion: 8,
    producerName: 'test',
    opsetImport: [{ domain: '', version: 17 }],
    metadataProps: [],
    graph: {
      name: 'tiny',
      node: g.nodes,
      initializer: g.initializers,
      input: [ids('input_ids'), ids('attention_mask')],
      output: [makeValueInfo('sentence_embedding', 1, ['batch', 4])],
      valueInfo: [],
    },
  });
  const folder = join(repository, name, '1');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.onnx'), bytes);
}
