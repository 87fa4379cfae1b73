import {
  dataTypes,
  type GraphBuilder,
  graphUnsupported,
  type OnnxTensor,
  runtimeTypeName,
  tensorValues,
} from '../onnx/index.ts';
import type { ProbedValue } from './probe-shapes.ts';

/** The gradient of rows picked from a table, kept as rows for a sparse update. */
export interface RowGradient {
  readonly table: string;
  /** Value name of the row numbers, any shape. */
  readonly indices: string;
  /** Value name of the gradients of the picked rows. */
  readonly rows: string;
}

export interface ContextParts {
  readonly graph: GraphBuilder;
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  readonly probed: ReadonlyMap<string, ProbedValue>;
  /** Values whose gradient is wanted. */
  readonly wanted: ReadonlySet<string>;
  readonly sparse: ReadonlySet<string>;
}

/** What a gradient rule sees: the forward values' shapes, and a builder for the backward nodes. */
export class GradientContext {
  readonly graph: GraphBuilder;
  readonly rowGradients: RowGradient[] = [];
  private readonly shapes = new Map<string, string>();

  constructor(private readonly parts: ContextParts) {
    this.graph = parts.graph;
  }

  needs(name: string | undefined): boolean {
    return name !== undefined && this.parts.wanted.has(name);
  }

  isSparse(name: string): boolean {
    return this.parts.sparse.has(name);
  }

  /** Sizes in the first probe run; the rank is always right, a size only where `fixedSize` gives it. */
  dims(name: string): readonly number[] {
    return this.parts.initializers.get(name)?.dims ?? this.probed(name).dims;
  }

  rank(name: string): number {
    return this.dims(name).length;
  }

  typeOf(name: string): string {
    const tensor = this.parts.initializers.get(name);
    return tensor ? (runtimeTypeName(tensor.dataType) ?? 'unknown') : this.probed(name).type;
  }

  /** The size of an axis when it is the same for every input. */
  fixedSize(name: string, axis: number): number | undefined {
    const tensor = this.parts.initializers.get(name);
    if (tensor) return tensor.dims[axis];
    const { dims, fixed } = this.probed(name);
    return fixed[axis] ? dims[axis] : undefined;
  }

  /** The values of a frozen constant, as numbers. */
  constant(name: string | undefined): number[] | undefined {
    const tensor = this.parts.initializers.get(name ?? '');
    return tensor && !this.needs(name) ? Array.from(tensorValues(tensor), Number) : undefined;
  }

  /** Name of the int64 vector with the sizes of a value. */
  shapeOf(name: string): string {
    const known = this.shapes.get(name);
    if (known) return known;
    const dims = this.parts.initializers.get(name)?.dims;
    const shape = dims ? this.graph.int(dims) : this.graph.op('Shape', [name]);
    this.shapes.set(name, shape);
    return shape;
  }

  /** Name of an int64 vector with the sizes of some axes. */
  sizesOf(name: string, axes: readonly number[]): string {
    const sizes = axes.map((axis) => this.fixedSize(name, axis));
    if (sizes.every((size) => size !== undefined)) return this.graph.int(sizes);
    return this.graph.op('Gather', [this.shapeOf(name), this.graph.int(axes)], { attributes: { axis: 0 } });
  }

  reshapeLike(gradient: string, name: string): string {
    return this.graph.op('Reshape', [gradient, this.shapeOf(name)]);
  }

  zerosLike(name: string): string {
    return this.graph.op('Expand', [this.graph.float(0), this.shapeOf(name)]);
  }

  add(a: string, b: string): string {
    return this.graph.op('Add', [a, b]);
  }

  sub(a: string, b: string): string {
    return this.graph.op('Sub', [a, b]);
  }

  mul(a: string, b: string): string {
    return this.graph.op('Mul', [a, b]);
  }

  div(a: string, b: string): string {
    return this.graph.op('Div', [a, b]);
  }

  neg(a: string): string {
    return this.graph.op('Neg', [a]);
  }

  scale(a: string, factor: number): string {
    return factor === 1 ? a : this.mul(a, this.graph.float(factor));
  }

  sum(name: string, axes: readonly number[], keepdims: 0 | 1): string {
    return this.graph.op('ReduceSum', [name, this.graph.int(axes)], { attributes: { keepdims } });
  }

  mean(name: string, axes: readonly number[], keepdims: 0 | 1): string {
    return this.graph.op('ReduceMean', [name, this.graph.int(axes)], { attributes: { keepdims } });
  }

  toFloat(name: string): string {
    return this.graph.op('Cast', [name], { attributes: { to: dataTypes.float } });
  }

  /** Undoes broadcasting: sums `gradient`, which has the sizes `from`, down to the shape of `name`. */
  reduceTo(gradient: string, from: readonly number[], name: string): string {
    const target = this.dims(name);
    const extra = from.length - target.length;
    const axes = from.flatMap((size, axis) =>
      axis < extra || (target[axis - extra] === 1 && size !== 1) ? [axis] : [],
    );
    if (axes.length === 0) return gradient;
    if (axes.every((axis) => axis < extra)) return this.sum(gradient, axes, 0);
    const summed = this.sum(gradient, axes, 1);
    return extra === 0 ? summed : this.reshapeLike(summed, name);
  }

  private probed(name: string): ProbedValue {
    const value = this.parts.probed.get(name);
    if (!value) throw graphUnsupported(`The shape of value ${name} is unknown`);
    return value;
  }
}
