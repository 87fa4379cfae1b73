import {
  type FieldSchema,
  isMessageName,
  type MessageName,
  messageSchemas,
  type ScalarKind,
} from './message-schema.ts';
import { WireWriter } from './wire-writer.ts';

type Message = Readonly<Record<string, unknown>>;

const wireTypeOf: Record<ScalarKind, number> = {
  int: 0,
  bigint: 0,
  ubigint: 0,
  double: 1,
  string: 2,
  bytes: 2,
  float: 5,
};

export function encodeMessage(name: MessageName, message: Message): Uint8Array {
  const writer = new WireWriter();
  writeMessage(writer, name, message);
  return writer.join();
}

function writeMessage(writer: WireWriter, name: MessageName, message: Message): void {
  for (const [number, field] of Object.entries(messageSchemas[name])) {
    const value = message[field.key];
    if (value === undefined || value === null) continue;
    if (field.repeated) writeList(writer, { number: Number(number), field }, value as readonly unknown[]);
    else writeOne(writer, { number: Number(number), field }, value);
  }
  for (const bytes of (message.unknownFields as Uint8Array[] | undefined) ?? []) writer.writeBytes(bytes);
}

interface NumberedField {
  readonly number: number;
  readonly field: FieldSchema;
}

function writeList(writer: WireWriter, numbered: NumberedField, values: readonly unknown[]): void {
  const { kind, packed } = numbered.field;
  if (!packed || isMessageName(kind)) {
    for (const value of values) writeOne(writer, numbered, value);
    return;
  }
  if (values.length === 0) return;
  writer.writeTag(numbered.number, 2);
  writer.writeDelimited((inner) => {
    for (const value of values) scalarWriters[kind](inner, value);
  });
}

function writeOne(writer: WireWriter, { number, field }: NumberedField, value: unknown): void {
  const { kind } = field;
  if (isMessageName(kind)) {
    writer.writeTag(number, 2);
    writer.writeDelimited((inner) => writeMessage(inner, kind, value as Message));
    return;
  }
  writer.writeTag(number, wireTypeOf[kind]);
  if (wireTypeOf[kind] === 2) writer.writeDelimited((inner) => scalarWriters[kind](inner, value));
  else scalarWriters[kind](writer, value);
}

const scalarWriters: Record<ScalarKind, (writer: WireWriter, value: unknown) => void> = {
  int: (writer, value) => writer.writeVarint(value as number),
  bigint: (writer, value) => writer.writeVarint(value as bigint),
  ubigint: (writer, value) => writer.writeVarint(value as bigint),
  float: (writer, value) => writer.writeFloat(value as number),
  double: (writer, value) => writer.writeDouble(value as number),
  string: (writer, value) => writer.writeText(value as string),
  bytes: (writer, value) => writer.writeBytes(value as Uint8Array),
};
