/** An enumeration's word, which text format writes without quotes. */
export interface ProtoWord {
  word: string;
}

export type ProtoValue = string | number | boolean | ProtoWord | ProtoMessage;

/** Fields in the order in which they are written; a repeated field stands there once for each value. */
export type ProtoMessage = readonly (readonly [name: string, value: ProtoValue])[];

/** Protocol Buffers text format (https://protobuf.dev/reference/protobuf/textformat-spec/). */
export function writeTextProto(message: ProtoMessage, indent = ''): string {
  return message
    .map(([name, value]) =>
      isMessage(value)
        ? `${indent}${name} {\n${writeTextProto(value, `${indent}  `)}${indent}}\n`
        : `${indent}${name}: ${writeScalar(value)}\n`,
    )
    .join('');
}

function isMessage(value: ProtoValue): value is ProtoMessage {
  return Array.isArray(value);
}

function writeScalar(value: Exclude<ProtoValue, ProtoMessage>): string {
  if (typeof value === 'object') return value.word;
  // What JSON escapes in texts of ASCII, text format escapes alike.
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
