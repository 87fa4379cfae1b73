/** As pgvector reads and writes a vector as text; for the few that are not searched. */
export function toVectorText(vector: Float32Array): string {
  return `[${vector.join(',')}]`;
}

export function fromVectorText(text: string): Float32Array {
  return Float32Array.from(JSON.parse(text) as number[]);
}
