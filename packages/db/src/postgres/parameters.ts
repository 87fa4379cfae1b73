/** Values of a statement in the order of their placeholders. */
export class Parameters {
  readonly values: unknown[] = [];

  /** Adds a value and returns its placeholder, cast to the type it must have. */
  bind(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}
