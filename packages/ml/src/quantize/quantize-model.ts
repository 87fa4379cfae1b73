import { inlineConstants, pruneGraph, untieInitializers } from '../autodiff/index.ts';
import {
  dataTypes,
  floatAttribute,
  floatValues,
  GraphBuilder,
  graphUnsupported,
  intAttribute,
  isOperator,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
} from '../onnx/index.ts';
import { type QuantizedMatrix, quantizeColumns, transpose } from './quantize-weights.ts';

interface Product {
  node: OnnxNode;
  /** The activation and the weight, [inner, outer] after turning. */
  x: string;
  weight: OnnxTensor;
  isTransposed: boolean;
  /** What is added to the product, and by what the product is multiplied. */
  addend: string | undefined;
  alpha: number;
}

/**
 * The model with every product by a stored matrix in whole numbers: activations are rounded to 8 bits as they come
 * (DynamicQuantizeLinear), weights once, each column by its own scale (MatMulInteger). Everything else stays float32:
 * norms, softmax, products of activations, embedding tables. Standard operators of opset 11.
 * @throws StudioError GRAPH_UNSUPPORTED when it has no such product.
 */
export function quantizeModel(model: OnnxModel): OnnxModel {
  const graph = untieInitializers(inlineConstants(model.graph));
  const weights = new Map(graph.initializer.map((tensor) => [tensor.name ?? '', tensor]));
  const writer = new ProductWriter();
  const node = graph.node.flatMap((item) => {
    const product = findProduct(item, weights);
    return product ? writer.write(product) : [item];
  });
  if (writer.count === 0)
    throw graphUnsupported('The graph has no product by a stored float matrix: nothing to quantise');
  const initializer = [...graph.initializer, ...writer.builder.initializers];
  return { ...model, graph: pruneGraph({ ...graph, node, initializer }) };
}

function findProduct(node: OnnxNode, weights: ReadonlyMap<string, OnnxTensor>): Product | undefined {
  const isGemm = isOperator(node, 'Gemm');
  if (!isGemm && !isOperator(node, 'MatMul')) return undefined;
  const [x = '', name = '', addend] = node.input;
  const weight = weights.get(name);
  if (weights.has(x) || weight?.dataType !== dataTypes.float || weight.dims.length !== 2) return undefined;
  const isPlain = intAttribute(node, 'transA', 0) === 0 && floatAttribute(node, 'beta', 1) === 1;
  if (isGemm && !isPlain) return undefined;
  const isTransposed = isGemm && intAttribute(node, 'transB', 0) === 1;
  const alpha = isGemm ? floatAttribute(node, 'alpha', 1) : 1;
  return { node, x, weight, isTransposed, addend: isGemm ? addend : undefined, alpha };
}

class ProductWriter {
  readonly builder = new GraphBuilder('$int8_');
  count = 0;
  /** Query, key and value read one activation: it is rounded once. */
  private readonly rounded = new Map<string, string[]>();
  /** A weight that is used twice is stored once. */
  private readonly stored = new Map<string, { values: string; scales: string }>();

  write({ node, x, weight, isTransposed, addend, alpha }: Product): OnnxNode[] {
    const { builder } = this;
    const before = builder.nodes.length;
    const [values = '', scale = '', zero = ''] = this.round(x);
    const matrix = this.store(weight, isTransposed);
    const sums = builder.op('MatMulInteger', [values, matrix.values, zero]);
    const float = builder.op('Cast', [sums], { attributes: { to: dataTypes.float } });
    const scales = builder.op('Mul', [scale, matrix.scales]);
    const factor = alpha === 1 ? scales : builder.op('Mul', [scales, builder.float(alpha)]);
    const output = node.output[0] ?? '';
    if (addend) builder.op('Add', [builder.op('Mul', [float, factor]), addend], { output });
    else builder.op('Mul', [float, factor], { output });
    this.count += 1;
    return builder.nodes.slice(before);
  }

  private round(x: string): string[] {
    const known = this.rounded.get(x);
    if (known) return known;
    const made = this.builder.ops('DynamicQuantizeLinear', [x], { count: 3 });
    this.rounded.set(x, made);
    return made;
  }

  private store(weight: OnnxTensor, isTransposed: boolean): { values: string; scales: string } {
    const name = weight.name ?? '';
    const key = `${name}${isTransposed ? '|T' : ''}`;
    const known = this.stored.get(key);
    if (known) return known;
    const { values, scales } = roundMatrix(weight, isTransposed);
    const outer = scales.length;
    const made = {
      values: this.builder.init(`${key}:int8`, [values.length / outer, outer], values),
      scales: this.builder.init(`${key}:scale`, [outer], scales),
    };
    this.stored.set(key, made);
    return made;
  }
}

function roundMatrix(weight: OnnxTensor, isTransposed: boolean): QuantizedMatrix {
  const [rows = 0, columns = 0] = weight.dims;
  const values = floatValues(weight);
  return isTransposed ? quantizeColumns(transpose(values, { rows, columns }), rows) : quantizeColumns(values, columns);
}
