import { StudioError } from '@embedding-studio/contracts';
import type { z } from 'zod';

/** Parses untrusted input; INPUT_INVALID names the first faulty field by its dotted path. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = [...(issue?.path ?? []), ...(unknownKey === undefined ? [] : [unknownKey])].map(String).join('.');
  const field = path === '' ? 'input' : path;
  throw new StudioError('INPUT_INVALID', `${field}: ${issue?.message ?? 'is not valid'}`, { field });
}
