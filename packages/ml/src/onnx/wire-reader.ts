import type { StudioError } from '@embedding-studio/contracts';
import { modelInvalid } from './model-errors.ts';

const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bounds-checked cursor over protobuf wire data; every read either moves forward or throws. */
export class WireReader {
  position = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get size(): number {
    return this.bytes.length;
  }

  /** A varint as an unsigned 64-bit number. */
  readVarint(end: number): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.readByte(end);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw this.malformed('a number runs over ten bytes');
  }

  /** A varint that fits a JavaScript number; negative values come as 64-bit two's complement. */
  readInt(end: number): number {
    const start = this.position;
    let value = 0;
    for (let factor = 1; factor <= 2 ** 35; factor *= 128) {
      const byte = this.readByte(end);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    this.position = start;
    const wide = BigInt.asIntN(64, this.readVarint(end));
    if (wide > Number.MAX_SAFE_INTEGER || wide < Number.MIN_SAFE_INTEGER) throw this.malformed(`${wide} is too large`);
    return Number(wide);
  }

  readFloat(end: number): number {
    return this.view.getFloat32(this.skip(4, end), true);
  }

  readDouble(end: number): number {
    return this.view.getFloat64(this.skip(8, end), true);
  }

  readText(end: number): string {
    const start = this.position;
    try {
      return text.decode(this.viewOf(start, this.skipTo(end)));
    } catch {
      throw this.malformed('a name or text is not valid UTF-8', start);
    }
  }

  /** A view of the bytes up to `end`, not a copy. */
  readBytes(end: number): Uint8Array {
    return this.viewOf(this.position, this.skipTo(end));
  }

  /** Where the length-delimited field that starts here ends. */
  readLength(end: number): number {
    const length = this.readInt(end);
    if (length < 0 || length > end - this.position)
      throw this.malformed(`a field of ${length} bytes runs past its end`);
    return this.position + length;
  }

  slice(start: number): Uint8Array {
    return this.viewOf(start, this.position);
  }

  skip(count: number, end: number): number {
    const start = this.position;
    if (count > end - start) throw this.malformed('the file ends inside a field');
    this.position = start + count;
    return start;
  }

  malformed(reason: string, position = this.position): StudioError {
    return modelInvalid(`Not a readable ONNX file: ${reason} (byte ${position})`);
  }

  private skipTo(end: number): number {
    this.position = end;
    return end;
  }

  private viewOf(start: number, end: number): Uint8Array {
    return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + start, end - start);
  }

  private readByte(end: number): number {
    const byte = this.position < end ? this.bytes[this.position] : undefined;
    if (byte === undefined) throw this.malformed('the file ends inside a number');
    this.position += 1;
    return byte;
  }
}
