import type { GraphBuilder } from '../onnx/index.ts';

/** Gradients collected per value; values used several times get their sum. */
export class GradientSums {
  private readonly parts = new Map<string, string[]>();

  constructor(private readonly graph: GraphBuilder) {}

  put(name: string, gradient: string): void {
    this.parts.set(name, [...(this.parts.get(name) ?? []), gradient]);
  }

  /** The whole gradient of a value, or nothing when none came in. */
  total(name: string): string | undefined {
    const parts = this.parts.get(name) ?? [];
    if (parts.length < 2) return parts[0];
    const sum = this.graph.op(parts.length === 2 ? 'Add' : 'Sum', parts);
    this.parts.set(name, [sum]);
    return sum;
  }
}
