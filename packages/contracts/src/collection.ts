import { z } from 'zod';
import type { QueryAdapterRef } from './adapter.ts';
import type { SearchPlugins } from './plugin/search-plugins.ts';
import type { RankingProfile } from './ranking.ts';

/** `paused`: takes no writes since its rollout failed; a retry catches up on them. Never live, never the previous one. */
export const CollectionStatus = z.enum(['building', 'ready', 'paused', 'retired']);
export type CollectionStatus = z.infer<typeof CollectionStatus>;

/** Vectors of one model over the items. Similarity is cosine: embeddings have unit length. */
export interface Collection {
  id: string;
  modelId: string;
  dims: number;
  status: CollectionStatus;
  ranking: RankingProfile;
  /** Plugins that take part in its searches. */
  searchPlugins: SearchPlugins;
  /** What moves its queries, one for each tenant that has its own and one for all others; empty: nothing. */
  queryAdapters: QueryAdapterRef[];
  /** Most parts that any item has had here. */
  partsMax: number;
  createdAt: Date;
}

/** The single row that says which collection serves. */
export interface LivePointer {
  collectionId: string;
  previousCollectionId: string | null;
  /** Grows by one with every switch. */
  version: number;
  switchedAt: Date;
}

/** The collection that serves, with the pointer as it stood in the same instant. */
export interface LiveCollection {
  pointer: LivePointer;
  collection: Collection;
  /** Opaque; another one as soon as the pointer moves or the collection's row is written. */
  revision: string;
}

export interface VectorRow {
  itemId: string;
  ordinal: number;
  /** contentHash of the item that was embedded: tells stale vectors from fresh ones. */
  contentHash: string;
  vector: Float32Array;
}

/** One item as found by one or both legs, with the exact score of each leg. */
export interface Candidate {
  itemId: string;
  /** Cosine of the item's best part, or the mean over its parts; null when the item has no vector here. */
  cosine: number | null;
  /** BM25F score with the profile's field weights; 0 when no query word matches. */
  lexical: number;
  /** Sum of the idf of the query's words known to the index: an upper scale for `lexical`. */
  lexicalScale: number;
}

/** A candidate with where each leg put it. */
export interface FoundCandidate extends Candidate {
  /** Place in the vector leg, from 1; null when the item was found by words alone. */
  vectorRank: number | null;
  /** Place in the lexical leg, from 1; null when the item was found by meaning alone. */
  lexicalRank: number | null;
  /** Value of the field that is sorted by, where one was asked for; null when the item has none. */
  sortValue?: unknown;
}

/** How an item's parts make one distance. */
export const PartAggregation = z.enum(['min', 'mean']);
export type PartAggregation = z.infer<typeof PartAggregation>;

/** How a filtered search went through the vectors. */
export interface FilterPlan {
  /** `exact`: the distances of all matching items; `iterative`: along the index until enough of them match. */
  kind: 'exact' | 'iterative';
  /** Share of the items that match, estimated on a sample. */
  selectivity: number;
}
