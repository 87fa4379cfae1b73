import { redactText } from './redact-text.ts';

const hidden = '[hidden]';
const secretName =
  /pass(word|wd|phrase)?$|secret|token$|authori[sz]ation$|api[-_]?key$|access[-_]?key|^(set-)?cookie$|credential|signature$|private[-_]?key/i;
const deepest = 6;
const longestList = 50;

function redactError(error: Error, depth: number): Record<string, unknown> {
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1) };
  return {
    name: error.name,
    ...code,
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
    ...cause,
  };
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) return '[deeper]';
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value;
  // A vector or a file does not belong in a log line: its size is what helps.
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return redactList(value, depth);
  return redactFields({ ...value }, depth + 1);
}

function redactList(list: readonly unknown[], depth: number): unknown[] {
  const kept = list.slice(0, longestList).map((entry) => redactValue(entry, depth + 1));
  return list.length > longestList ? [...kept, `[${list.length - longestList} more]`] : kept;
}

/** A copy of the fields of a log line with every secret hidden, at any depth; numbers and dates stay as they are. */
export function redactFields(fields: Record<string, unknown>, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const secret = secretName.test(name) && value !== null && value !== undefined && typeof value !== 'boolean';
      return [redactText(name), secret ? hidden : redactValue(value, depth)];
    }),
  );
}
