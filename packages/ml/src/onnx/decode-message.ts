import { type FieldSchema, isMessageName, type MessageName, messageSchemas } from './message-schema.ts';
import type { WireReader } from './wire-reader.ts';

type Message = Record<string, unknown>;

interface Place {
  readonly end: number;
  readonly depth: number;
}

/** Deep enough for any nested control flow, shallow enough never to exhaust the stack on a hostile file. */
const maxDepth = 64;
const wireTypeOf = { int: 0, bigint: 0, ubigint: 0, double: 1, string: 2, bytes: 2, float: 5 } as const;

/** Reads one protobuf message by its schema. Fields without a schema are kept in `unknownFields`. */
export function decodeMessage(reader: WireReader, name: MessageName): Message {
  const message = emptyMessage(name);
  decodeInto(reader, { name, message }, { end: reader.size, depth: 0 });
  return message;
}

function emptyMessage(name: MessageName): Message {
  const lists = Object.values(messageSchemas[name]).filter((field) => field.repeated === 'always');
  return Object.fromEntries(lists.map((field) => [field.key, []]));
}

function decodeInto(reader: WireReader, target: { name: MessageName; message: Message }, place: Place): void {
  if (place.depth > maxDepth) throw reader.malformed(`messages are nested more than ${maxDepth} deep`);
  const schema = messageSchemas[target.name];
  while (reader.position < place.end) {
    const start = reader.position;
    const tag = reader.readInt(place.end);
    const wireType = tag % 8;
    const field = schema[(tag - wireType) / 8];
    if (tag < 8) throw reader.malformed('field number 0', start);
    if (field) readField(reader, { field, wireType, message: target.message }, place);
    else keepUnknown(reader, { start, wireType, message: target.message }, place);
  }
}

function keepUnknown(
  reader: WireReader,
  field: { start: number; wireType: number; message: Message },
  { end }: Place,
): void {
  if (field.wireType === 0) reader.readVarint(end);
  else if (field.wireType === 1) reader.skip(8, end);
  else if (field.wireType === 2) reader.readBytes(reader.readLength(end));
  else if (field.wireType === 5) reader.skip(4, end);
  else throw reader.malformed(`unknown wire type ${field.wireType}`, field.start);
  listOf(field.message, 'unknownFields').push(reader.slice(field.start));
}

function readField(
  reader: WireReader,
  { field, wireType, message }: { field: FieldSchema; wireType: number; message: Message },
  place: Place,
): void {
  const { kind, key } = field;
  if (isMessageName(kind)) {
    if (wireType !== 2) throw reader.malformed(`field ${key} has wire type ${wireType}`);
    const child = field.repeated ? emptyMessage(kind) : ((message[key] as Message | undefined) ?? emptyMessage(kind));
    decodeInto(reader, { name: kind, message: child }, { end: reader.readLength(place.end), depth: place.depth + 1 });
    put(message, field, child);
    return;
  }
  if (wireType === wireTypeOf[kind]) {
    const end = wireType === 2 ? reader.readLength(place.end) : place.end;
    if (key === 'rawData') message.rawOffset = reader.position;
    put(message, field, readScalar(reader, kind, end));
    return;
  }
  if (!field.repeated || wireType !== 2) throw reader.malformed(`field ${key} has wire type ${wireType}`);
  const end = reader.readLength(place.end);
  const values = listOf(message, key);
  while (reader.position < end) values.push(readScalar(reader, kind, end));
}

function readScalar(reader: WireReader, kind: keyof typeof wireTypeOf, end: number): unknown {
  switch (kind) {
    case 'int':
      return reader.readInt(end);
    case 'bigint':
      return BigInt.asIntN(64, reader.readVarint(end));
    case 'ubigint':
      return reader.readVarint(end);
    case 'float':
      return reader.readFloat(end);
    case 'double':
      return reader.readDouble(end);
    case 'string':
      return reader.readText(end);
    case 'bytes':
      return reader.readBytes(end);
  }
}

function put(message: Message, field: FieldSchema, value: unknown): void {
  if (field.repeated) listOf(message, field.key).push(value);
  else message[field.key] = value;
}

function listOf(message: Message, key: string): unknown[] {
  const present = message[key];
  if (Array.isArray(present)) return present;
  const created: unknown[] = [];
  message[key] = created;
  return created;
}
