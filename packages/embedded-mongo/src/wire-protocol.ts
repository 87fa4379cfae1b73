import { type BsonDocument, decodeDocument, decodeReceived, encodeDocument } from './bson-document.ts';
import { StoreError } from './store-error.ts';

export const MAX_MESSAGE_BYTES = 48_000_000;

const HEADER_BYTES = 16;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
const REQUIRED_FLAGS = 0xffff;

export interface WireMessage {
  requestId: number;
  isLegacy: boolean;
  /** The sender of an unacknowledged write wants no answer. */
  wantsReply: boolean;
  body: BsonDocument;
}

function readDocument(bytes: Buffer, at: number): { document: BsonDocument; next: number } {
  const next = at + bytes.readInt32LE(at);
  return { document: decodeDocument(bytes.subarray(at, next)), next };
}

function readText(bytes: Buffer, at: number): { text: string; next: number } {
  const end = bytes.indexOf(0, at);
  return { text: bytes.toString('utf8', at, end), next: end + 1 };
}

/** A document sequence: its name, then documents to the end of the section. */
function readSequence(bytes: Buffer, start: number): { name: string; documents: BsonDocument[]; next: number } {
  const end = start + bytes.readInt32LE(start);
  const name = readText(bytes, start + 4);
  const documents: BsonDocument[] = [];
  for (let at = name.next; at < end; ) {
    const next = at + bytes.readInt32LE(at);
    documents.push(decodeReceived(bytes.subarray(at, next)));
    at = next;
  }
  return { name: name.text, documents, next: end };
}

function readOpMsg(bytes: Buffer, requestId: number): WireMessage {
  const flags = bytes.readUInt32LE(HEADER_BYTES);
  if (flags & REQUIRED_FLAGS & ~(CHECKSUM_PRESENT | MORE_TO_COME)) {
    throw new StoreError('ProtocolError', `Unknown required flags in message: ${flags}`);
  }
  const end = bytes.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  const sequences: BsonDocument = {};
  let body: BsonDocument = {};
  for (let at = HEADER_BYTES + 4; at < end; ) {
    const kind = bytes[at];
    if (kind === 0) {
      const { document, next } = readDocument(bytes, at + 1);
      body = document;
      at = next;
    } else if (kind === 1) {
      const { name, documents, next } = readSequence(bytes, at + 1);
      sequences[name] = documents;
      at = next;
    } else throw new StoreError('ProtocolError', `Unknown section kind: ${kind}`);
  }
  return { requestId, isLegacy: false, wantsReply: !(flags & MORE_TO_COME), body: { ...body, ...sequences } };
}

function readOpQuery(bytes: Buffer, requestId: number): WireMessage {
  const { text, next } = readText(bytes, HEADER_BYTES + 4);
  const { document } = readDocument(bytes, next + 8);
  const body = { ...document, $db: text.split('.')[0] };
  return { requestId, isLegacy: true, wantsReply: true, body };
}

export function readMessage(bytes: Buffer): WireMessage {
  const requestId = bytes.readInt32LE(4);
  const operation = bytes.readInt32LE(12);
  if (operation === OP_MSG) return readOpMsg(bytes, requestId);
  if (operation === OP_QUERY) return readOpQuery(bytes, requestId);
  throw new StoreError('ProtocolError', `Unsupported wire operation ${operation}`);
}

export function encodeReply(message: Pick<WireMessage, 'requestId' | 'isLegacy'>, body: BsonDocument): Buffer {
  const document = encodeDocument(body);
  const prefix = Buffer.alloc(message.isLegacy ? HEADER_BYTES + 20 : HEADER_BYTES + 5);
  prefix.writeInt32LE(prefix.length + document.length, 0);
  prefix.writeInt32LE(message.requestId, 8);
  prefix.writeInt32LE(message.isLegacy ? OP_REPLY : OP_MSG, 12);
  if (message.isLegacy) prefix.writeInt32LE(1, 32);
  return Buffer.concat([prefix, document]);
}

/** Cuts a byte stream into messages; chunks of one message are joined once, when it is whole. */
export class MessageReader {
  #chunks: Buffer[] = [];
  #bytes = 0;

  *push(chunk: Buffer): Generator<Buffer> {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (let length = this.#nextLength(); length !== undefined && this.#bytes >= length; length = this.#nextLength()) {
      const all = this.#join();
      this.#chunks = [all.subarray(length)];
      this.#bytes -= length;
      yield all.subarray(0, length);
    }
  }

  #join(): Buffer {
    const [first] = this.#chunks;
    if (this.#chunks.length === 1 && first) return first;
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }

  #nextLength(): number | undefined {
    if (this.#bytes < HEADER_BYTES) return undefined;
    const head = (this.#chunks[0]?.length ?? 0) >= HEADER_BYTES ? (this.#chunks[0] as Buffer) : this.#join();
    const length = head.readInt32LE(0);
    if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES) {
      const message = `Message length ${length} is invalid: at least ${HEADER_BYTES}, at most ${MAX_MESSAGE_BYTES} bytes`;
      throw new StoreError('ProtocolError', message, { requestId: head.readInt32LE(4) });
    }
    return length;
  }
}
