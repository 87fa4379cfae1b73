const text = new TextEncoder();

/** Collects protobuf wire data; large byte fields are copied once, when the result is joined. */
export class WireWriter {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  get size(): number {
    return this.length;
  }

  writeBytes(bytes: Uint8Array): void {
    this.chunks.push(bytes);
    this.length += bytes.length;
  }

  writeVarint(value: bigint | number): void {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    bytes.push(Number(rest));
    this.writeBytes(Uint8Array.from(bytes));
  }

  writeTag(fieldNumber: number, wireType: number): void {
    this.writeVarint(fieldNumber * 8 + wireType);
  }

  writeFloat(value: number): void {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.writeBytes(bytes);
  }

  writeDouble(value: number): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    this.writeBytes(bytes);
  }

  writeText(value: string): void {
    this.writeBytes(text.encode(value));
  }

  /** Writes what `fill` writes, after its length. */
  writeDelimited(fill: (inner: WireWriter) => void): void {
    const inner = new WireWriter();
    fill(inner);
    this.writeVarint(inner.size);
    for (const chunk of inner.chunks) this.chunks.push(chunk);
    this.length += inner.length;
  }

  join(): Uint8Array {
    const joined = new Uint8Array(this.length);
    let position = 0;
    for (const chunk of this.chunks) {
      joined.set(chunk, position);
      position += chunk.length;
    }
    return joined;
  }
}
