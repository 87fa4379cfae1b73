import type { Scope } from '@embedding-studio/contracts';
import type { z } from 'zod';
import { invalidInput } from '../invalid-input.ts';
import type { AppCaller } from '../router.ts';
import { inRestWords } from './rest-words.ts';

export interface RestRoute {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`; `{name}` stands for a field of the input. */
  path: string;
  operationId: string;
  summary: string;
  /** Scope that an API key needs; null for the open ping. */
  scope: Scope | null;
  /** The key comes as `api_key` of the body: a beacon of a browser carries no headers. Its body may be plain text. */
  isBeacon?: true;
  /** Where the input comes from: the JSON body for POST, else the query string; and `{name}`s of the path. */
  input: z.ZodType | null;
  output: z.ZodType;
  /** Parses, calls one procedure in-process and shapes the answer. */
  run(caller: AppCaller, input: unknown): Promise<unknown>;
}

interface TypedRoute<In extends z.ZodType, Out extends z.ZodType> {
  input: In;
  output: Out;
  run(caller: AppCaller, input: z.output<In>): Promise<z.input<Out>>;
}

/** Ties a route's handler to its schemas, then forgets the types so that all routes fit one table. */
export function defineRoute<In extends z.ZodType, Out extends z.ZodType>(
  facts: Omit<RestRoute, 'input' | 'output' | 'run'>,
  typed: TypedRoute<In, Out>,
): RestRoute {
  return {
    ...facts,
    input: typed.input,
    output: typed.output,
    run: async (caller, input) => {
      const parsed = parseInput(typed.input, input);
      try {
        return await typed.run(caller, parsed);
      } catch (error) {
        throw inRestWords(error);
      }
    },
  };
}

function parseInput<In extends z.ZodType>(schema: In, input: unknown): z.output<In> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalidInput(parsed.error);
}
