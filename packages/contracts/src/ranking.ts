import { z } from 'zod';

/**
 * How the two legs become one order. Score = weight·cosine' + (1 − weight)·lexical', where cosine' is the cosine
 * min-max scaled over the candidates and lexical' is BM25F divided as `lexicalNorm` says.
 * Weight 1 is the vector leg alone, weight 0 the lexical leg alone.
 */
export const RankingProfile = z.object({
  vectorWeight: z.number().min(0).max(1),
  /** `max`: by the best score of the query's candidates; `scale`: by the query's total idf (an absolute coverage). */
  lexicalNorm: z.enum(['max', 'scale']),
  /** `minmax` over the candidates, or the plain cosine. */
  cosineNorm: z.enum(['minmax', 'none']),
  lexical: z.object({
    titleWeight: z.number().min(0),
    bodyWeight: z.number().min(0),
    k1: z.number().positive(),
    titleB: z.number().min(0).max(1),
    bodyB: z.number().min(0).max(1),
  }),
  /** HNSW beam width; raised at search time when more results are asked for. */
  efSearch: z.number().int().min(10).max(1000),
  /** How the weights were found: `default` before any sessions. */
  fittedOn: z.string(),
});
export type RankingProfile = z.infer<typeof RankingProfile>;

export const defaultRankingProfile: RankingProfile = {
  vectorWeight: 0.3,
  lexicalNorm: 'scale',
  cosineNorm: 'none',
  lexical: { titleWeight: 3, bodyWeight: 1, k1: 0.9, titleB: 0.4, bodyB: 0.4 },
  efSearch: 100,
  fittedOn: 'default',
};
