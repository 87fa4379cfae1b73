import type { MaybePromise, PluginBase, PluginCall } from './plugin.ts';

export interface RankerHit {
  itemId: string;
  /** What the order was made of so far; higher is better. */
  score: number;
  /** Cosine of the item's best part; null when only words were compared. */
  cosine: number | null;
  /** BM25F score; 0 when no word matched. */
  lexical: number;
  /** Given to plugins that need `payload`, else empty. */
  payload: Record<string, unknown>;
  /** Unit length; given to plugins that need `vectors`. Absent when the item has none. */
  vector?: Float32Array;
  /** When the item was first stored; given to plugins that need `payload`. */
  createdAt?: Date;
}

export interface RankInput {
  query: string;
  /** Best first. */
  hits: readonly RankerHit[];
  now: Date;
}

export interface RankedHit {
  itemId: string;
  score: number;
  /** Named parts of what moved it, for `explain`. */
  explain: Record<string, number | string>;
}

/**
 * Orders hits anew. Answers with each item at most once and with no item that it was not given; left-out items are
 * dropped from the list. Best first; scores do not rise down the list.
 */
export interface Ranker<Config = unknown> extends PluginBase<'ranker', Config> {
  rank(input: RankInput, config: Config, call: PluginCall): MaybePromise<RankedHit[]>;
}
