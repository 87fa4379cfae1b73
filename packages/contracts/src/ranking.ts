import { z } from 'zod';

/**
 * How the two legs become one order. Score = weight·cosine' + (1 − weight)·lexical', each scaled as its norm says.
 * Weight 1 is the vector leg alone, weight 0 the lexical leg alone. Both norms `rank` make it weighted reciprocal rank
 * fusion (Cormack et al. 2009, k = 60); `scale` with `none` keeps absolute values, so that a query whose words the
 * index hardly knows is ranked by meaning, and one that they cover by words.
 */
export const RankingProfile = z.object({
  vectorWeight: z.number().min(0).max(1),
  /** `max`: by the best score of the query's candidates; `scale`: by the query's total idf; `rank`: (k + 1)/(k + rank). */
  lexicalNorm: z.enum(['max', 'scale', 'rank']),
  /** `minmax` over the candidates; `none`: the plain cosine; `rank`: (k + 1)/(k + rank). */
  cosineNorm: z.enum(['minmax', 'none', 'rank']),
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
