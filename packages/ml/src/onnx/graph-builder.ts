import { type AttributeValue, makeAttribute } from './attributes.ts';
import type { OnnxNode, OnnxTensor } from './model-types.ts';
import { makeTensor, type TensorValues } from './tensor-values.ts';

export interface OperatorOptions {
  readonly attributes?: Readonly<Record<string, AttributeValue | undefined>>;
  /** Empty for standard operators. */
  readonly domain?: string;
}

/** Collects nodes and initializers for a graph; the prefix keeps its names apart from those already there. */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  private readonly constants = new Map<string, string>();
  private nextValue = 0;

  constructor(private readonly prefix = '') {}

  /** Adds a node with one output and returns the output's name. */
  op(opType: string, input: readonly string[], options: OperatorOptions & { output?: string } = {}): string {
    const output = options.output ?? this.createName(opType);
    this.addNode(opType, { input: [...input], output: [output] }, options);
    return output;
  }

  /** Adds a node with `count` outputs and returns their names. */
  ops(opType: string, input: readonly string[], options: OperatorOptions & { count: number }): string[] {
    const output = Array.from({ length: options.count }, () => this.createName(opType));
    this.addNode(opType, { input: [...input], output }, options);
    return output;
  }

  init(name: string, dims: readonly number[], values: TensorValues): string {
    this.initializers.push(makeTensor(name, dims, values));
    return name;
  }

  /** A float32 scalar constant; equal ones share one initializer. */
  float(value: number): string {
    return this.constant(`float ${Object.is(value, -0) ? '-0' : value}`, [], Float32Array.of(value));
  }

  /** An int64 constant: a scalar for a number, a vector for a list. */
  int(value: number | readonly number[]): string {
    const items = typeof value === 'number' ? [value] : value;
    const dims = typeof value === 'number' ? [] : [items.length];
    return this.constant(`int${dims.length} ${items.join()}`, dims, BigInt64Array.from(items.map(BigInt)));
  }

  private constant(key: string, dims: readonly number[], values: TensorValues): string {
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const name = this.init(`${this.prefix}const_${this.constants.size}`, dims, values);
    this.constants.set(key, name);
    return name;
  }

  private createName(opType: string): string {
    this.nextValue += 1;
    return `${this.prefix}${opType}_${this.nextValue}`;
  }

  private addNode(opType: string, ends: { input: string[]; output: string[] }, options: OperatorOptions): void {
    const attribute = Object.entries(options.attributes ?? {}).flatMap(([key, value]) =>
      value === undefined ? [] : [makeAttribute(key, value)],
    );
    const name = `${this.prefix}n${this.nodes.length}_${opType}`;
    this.nodes.push({ ...ends, name, opType, attribute, ...(options.domain ? { domain: options.domain } : {}) });
  }
}
