import { Filter, RankingProfile } from '@embedding-studio/contracts';
import { z } from 'zod';

const weight = z.number().min(0).max(1);
const fieldWeight = z.number().min(0).max(20);

/** One column of the playground: a collection, and what to do otherwise than its searches do. */
export const PlaygroundSetting = z.strictObject({
  /** Absent: the one that serves. */
  collectionId: z.string().min(1).max(128).optional(),
  retriever: z.enum(['hybrid', 'vector', 'lexical']).default('hybrid'),
  /** Share of meaning in a hybrid score, 0–1; absent, like all below: as the collection has it. */
  vectorWeight: weight.optional(),
  lexicalNorm: RankingProfile.shape.lexicalNorm.optional(),
  cosineNorm: RankingProfile.shape.cosineNorm.optional(),
  titleWeight: fieldWeight.optional(),
  bodyWeight: fieldWeight.optional(),
  efSearch: RankingProfile.shape.efSearch.optional(),
  filter: Filter.optional(),
  /** Deltas that clicks have earned, and the user's interests; false: the bare model. */
  improvement: z.boolean().default(true),
  /** Searches as this user would see it. */
  userId: z.string().min(1).max(128).optional(),
  /** Query processors and rankers of the collection. */
  plugins: z.boolean().default(true),
});
export type PlaygroundSetting = z.output<typeof PlaygroundSetting>;

export const PlaygroundQuery = z.string().trim().min(1).max(2_000);
