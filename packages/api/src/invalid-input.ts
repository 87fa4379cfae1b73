import { StudioError } from '@embedding-studio/contracts';
import type { z } from 'zod';

/** The first fault of a parse, as a 4xx that names its field. */
export function invalidInput(error: z.ZodError): StudioError {
  const issue = deepest(error.issues[0]);
  if (!issue) return new StudioError('INPUT_INVALID', 'The input is not valid.');
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const field = [...issue.path, ...(unknownKey === undefined ? [] : [unknownKey])].join('.');
  const message = unknownKey === undefined ? issue.message : 'This field is not known here; remove it.';
  return new StudioError('INPUT_INVALID', `${field || 'body'}: ${message}`, { field: field || 'body', cause: error });
}

/** A union reports one list of issues per branch: the branch that got furthest says it best. */
function deepest(issue: z.core.$ZodIssue | undefined): z.core.$ZodIssue | undefined {
  if (issue?.code !== 'invalid_union') return issue;
  const branches = issue.errors.map((list) => list[0]).filter((found) => found !== undefined);
  const best = branches.sort((a, b) => b.path.length - a.path.length)[0];
  return best && best.path.length > 0 ? { ...best, path: [...issue.path, ...best.path] } : issue;
}
