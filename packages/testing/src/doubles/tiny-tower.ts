import type { ImageTower } from '@embedding-studio/contracts';
import { dataTypes, encodeModel, GraphBuilder, makeValueInfo } from '@embedding-studio/ml/onnx';

export const tinyTower: ImageTower = { side: 4, mean: [0, 0, 0], std: [1, 1, 1] };

/** Mean red, green and blue of a picture, brought to unit length and filled up with zeros to `dims`. */
export function encodeTinyTower(dims: number): Uint8Array {
  const { side } = tinyTower;
  const g = new GraphBuilder('');
  const colours = g.op('ReduceMean', ['pixel_values'], { attributes: { axes: [2, 3], keepdims: 0 } });
  const spread = Float32Array.from({ length: 3 * dims }, (_, at) => Number(at % dims === Math.floor(at / dims)));
  const wide = g.op('MatMul', [colours, g.init('spread', [3, dims], spread)]);
  const length = g.op('ReduceL2', [wide], { attributes: { axes: [1], keepdims: 1 } });
  g.op('Div', [wide, length], { output: 'image_embedding' });
  return encodeModel({
    irVersion: 8,
    producerName: 'test',
    opsetImport: [{ domain: '', version: 17 }],
    metadataProps: [],
    graph: {
      name: 'tiny-tower',
      node: g.nodes,
      initializer: g.initializers,
      input: [makeValueInfo('pixel_values', dataTypes.float, ['batch', 3, side, side])],
      output: [makeValueInfo('image_embedding', dataTypes.float, ['batch', dims])],
      valueInfo: [],
    },
  });
}
