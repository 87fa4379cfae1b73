import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { WeightTensor } from './safetensors.ts';
import type { TextGraph } from './text-graph.ts';

export type Tensors = ReadonlyMap<string, WeightTensor>;

/** A text encoder up to the point where its family's own part ends. */
export interface TextBody {
  graph: TextGraph;
  /** Vectors of the tokens [batch, seq, size], or of the whole text [batch, size] where the family pools by itself. */
  output: string;
  isPooled: boolean;
  size: number;
  /** Positions that the checkpoint has for tokens, special ones included. */
  tokensMax: number;
}

/** One kind of checkpoint: the values of `model_type` that it reads, and how. */
export interface TextFamily {
  modelTypes: readonly string[];
  build(tensors: Tensors, config: unknown): TextBody;
}

export const count = z.number().int().positive();
export const epsilon = z.number().positive();

/** @throws StudioError MODEL_INVALID naming each setting that is missing or of another kind. */
export function parseConfig<Schema extends z.ZodType>(
  schema: Schema,
  config: unknown,
  family: string,
): z.output<Schema> {
  const parsed = schema.safeParse(config);
  if (parsed.success) return parsed.data;
  const reason = z.prettifyError(parsed.error);
  throw new StudioError('MODEL_INVALID', `config.json is not that of a ${family} encoder: ${reason}`);
}

export function requireWholeHeads(size: number, heads: number): void {
  if (size % heads !== 0)
    throw new StudioError(
      'MODEL_INVALID',
      `config.json: a width of ${size} is not a multiple of ${heads} attention heads.`,
    );
}

/**
 * The tensors as if nothing were above the encoder: exports put it below one more name, and early ones call the two
 * weights of a norm gamma and beta.
 */
export function stripNames(tensors: Tensors, anchor: string): Tensors {
  const found = [...tensors.keys()].find((name) => name === anchor || name.endsWith(`.${anchor}`));
  const prefix = found?.slice(0, -anchor.length) ?? '';
  const own = [...tensors].filter(([name]) => name.startsWith(prefix));
  const plain = (name: string) =>
    name
      .slice(prefix.length)
      .replace(/\.gamma$/, '.weight')
      .replace(/\.beta$/, '.bias');
  return new Map(own.map(([name, tensor]) => [plain(name), tensor]));
}
