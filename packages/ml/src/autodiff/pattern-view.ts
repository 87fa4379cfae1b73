import { dataTypes, elementCount, isOperator, type OnnxGraph, type OnnxNode, tensorValues } from '../onnx/index.ts';
import { type GraphValues, indexValues } from './graph-values.ts';

/** Looks from a value back to how it was made. */
export class PatternView {
  private readonly values: GraphValues;

  constructor(graph: OnnxGraph) {
    this.values = indexValues(graph);
  }

  /** The node that makes `name`, if it is this standard operator. */
  made(name: string | undefined, opType: string): OnnxNode | undefined {
    const node = this.values.producers.get(name ?? '');
    return isOperator(node, opType) ? node : undefined;
  }

  dims(name: string): readonly number[] | undefined {
    return this.values.initializers.get(name)?.dims;
  }

  /** A constant with one float32 element. */
  scalar(name: string | undefined): number | undefined {
    const tensor = this.values.initializers.get(name ?? '');
    if (tensor?.dataType !== dataTypes.float || elementCount(tensor.dims) !== 1) return undefined;
    return Number(tensorValues(tensor)[0]);
  }

  isNear(name: string | undefined, wanted: number): boolean {
    const value = this.scalar(name);
    return value !== undefined && Math.abs(value - wanted) <= 1e-5 * Math.abs(wanted);
  }

  /** An int64 constant as a list. */
  ints(name: string | undefined): number[] | undefined {
    const tensor = this.values.initializers.get(name ?? '');
    return tensor?.dataType === dataTypes.int64 ? Array.from(tensorValues(tensor), Number) : undefined;
  }

  /** Splits the two inputs of a commutative node into one that passes the test and the other. */
  pick(node: OnnxNode | undefined, test: (name: string) => boolean): { found: string; other: string } | undefined {
    const [a = '', b = ''] = node?.input ?? [];
    if (!node) return undefined;
    if (test(a)) return { found: a, other: b };
    return test(b) ? { found: b, other: a } : undefined;
  }
}
