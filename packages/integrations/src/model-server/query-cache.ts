/** The most recent vectors by key; searches repeat, models do not change under their id. */
export class RecentVectors {
  private readonly vectors = new Map<string, Float32Array>();

  constructor(private readonly entriesMax: number) {}

  find(key: string): Float32Array | undefined {
    const vector = this.vectors.get(key);
    if (vector === undefined) return undefined;
    this.vectors.delete(key);
    this.vectors.set(key, vector);
    return vector;
  }

  keep(key: string, vector: Float32Array): void {
    this.vectors.set(key, vector);
    const oldest = this.vectors.keys().next();
    if (this.vectors.size > this.entriesMax && !oldest.done) this.vectors.delete(oldest.value);
  }
}
