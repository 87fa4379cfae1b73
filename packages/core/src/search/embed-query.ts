import { isStudioError, StudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { mixVectors, textsToEmbed } from './apply-expansions.ts';
import type { ChainedQuery } from './plugin-chain.ts';
import type { ParsedSearch } from './search-input.ts';

export interface QueryEmbedding {
  legs: ParsedSearch['legs'];
  query: ChainedQuery;
  modelId: string;
  /** Gains `lexical_only` where the answer has to do without a vector. */
  degraded: string[];
}

/** The query's direction; null when the model server is away and words can answer alone. */
export async function embedQuery(ctx: Ctx, wanted: QueryEmbedding): Promise<Float32Array | null> {
  const { legs, query, modelId, degraded } = wanted;
  try {
    const texts = textsToEmbed(query);
    const vectors = await ctx.deps.encoder.embed({ modelId, texts, kind: 'query', signal: ctx.signal });
    const vector = mixVectors(vectors, query.expansions);
    if (vector === undefined) throw new StudioError('MODEL_INVALID', 'The encoder returned no vector.');
    return vector;
  } catch (error) {
    if (legs === 'vector' || !isStudioError(error) || error.code !== 'MODEL_SERVER_UNAVAILABLE') throw error;
    ctx.deps.log.warn({ modelId, code: error.code }, 'search falls back to words only');
    degraded.push('lexical_only');
    return null;
  }
}
