import type { MaybePromise, PluginBase, PluginCall } from './plugin.ts';

/** The words of the catalogue; given to plugins that need `vocabulary`. */
export interface Vocabulary {
  /** Items that contain each word, in any inflection and in the order asked; 0: the catalogue does not know it. */
  countItems(words: readonly string[]): Promise<number[]>;
  /** Words as texts spell them, within `edits` insertions, deletions, replacements and swaps; fewest edits first. */
  findSimilar(word: string, options: { edits: 1 | 2; limit: number }): Promise<SimilarWord[]>;
}

export interface SimilarWord {
  word: string;
  edits: number;
  /** Items that contain it. */
  items: number;
}

/** Queries that led to clicks on the same items; given to plugins that need `co-clicks`. */
export interface CoClicks {
  /** Strongest first. Empty for a query without clicks. */
  findRelatedQueries(text: string, options: { limit: number }): Promise<RelatedQuery[]>;
}

export interface RelatedQuery {
  text: string;
  /** Cosine of the two queries' click counts, above 0, at most 1. */
  similarity: number;
  /** People (or sessions, where nobody is known) that stand behind it. */
  voices: number;
}

export interface QueryText {
  text: string;
  /** BCP 47, when the caller said so. */
  language?: string;
}

export interface QueryExpansion {
  text: string;
  /** Weight beside the query itself, which has 1; above 0, at most 1. */
  weight: number;
}

export interface ProcessedQuery {
  /** What is searched for; never empty. */
  text: string;
  expansions?: QueryExpansion[];
  /** One line per change, for `explain`; empty when nothing was changed. */
  reasons: string[];
}

export interface QueryContext extends PluginCall {
  vocabulary: Vocabulary | null;
  coClicks: CoClicks | null;
}

/** Rewrites or widens a query before it is searched. Sees what the one before it made. */
export interface QueryProcessor<Config = unknown> extends PluginBase<'query-processor', Config> {
  process(query: QueryText, config: Config, context: QueryContext): MaybePromise<ProcessedQuery>;
}
