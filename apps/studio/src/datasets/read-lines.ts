import { createReadStream, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { StudioError, toStudioError } from '@embedding-studio/contracts';
import type { z } from 'zod';

export interface NumberedLine {
  text: string;
  /** From 1. */
  line: number;
}

/** `name` or `name.gz` in the folder; null when neither is there. */
export function findDataFile(folder: string, name: string): string | null {
  return [join(folder, name), join(folder, `${name}.gz`)].find((path) => existsSync(path)) ?? null;
}

/** Lines of a plain or gzipped text, one at a time; blank ones are left out. */
export async function* readLines(path: string): AsyncGenerator<NumberedLine> {
  const bytes = createReadStream(path);
  const source = path.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  // A broken disk must end the reading of its decompressor too.
  bytes.on('error', (error) => source.destroy(error));
  const decoder = new TextDecoder();
  let line = 0;
  let rest = '';
  try {
    for await (const chunk of source) {
      const texts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = texts.pop() ?? '';
      for (const text of texts) {
        line++;
        if (text.trim() !== '') yield { text: text.replace(/\r$/, ''), line };
      }
    }
  } catch (error) {
    throw lineError({ path, line: line + 1 }, toStudioError(error).message);
  } finally {
    bytes.destroy();
  }
  if (rest.trim() !== '') yield { text: rest, line: line + 1 };
}

export async function* readJsonLines<T>(
  path: string,
  schema: z.ZodType<T>,
): AsyncGenerator<{ value: T; line: number }> {
  for await (const { text, line } of readLines(path)) {
    const parsed = schema.safeParse(parseJson(text, { path, line }));
    if (parsed.success) yield { value: parsed.data, line };
    else {
      const [issue] = parsed.error.issues;
      const field = issue?.path.join('.') || 'line';
      throw lineError({ path, line }, issue?.message ?? 'cannot be read', field);
    }
  }
}

export function lineError(at: { path: string; line: number }, message: string, field?: string): StudioError {
  const place = `${basename(at.path)}:${at.line}`;
  return new StudioError('INPUT_INVALID', `${place}: ${field === undefined ? '' : `${field}: `}${message}`, { field });
}

function parseJson(text: string, at: { path: string; line: number }): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw lineError(at, 'is not JSON');
  }
}
