import type { CollectionStorage } from './ports/collections.ts';

/** How well the index of a collection answers, and what it takes up. */
export interface CollectionCheck extends CollectionStorage {
  /** Against exact search, with the beam that searches use. */
  recall10: number;
  queries: number;
  efSearch: number;
  items: number;
  /** Items whose vectors are of an older content. */
  stale: number;
  /** What to do, most urgent first; empty when all is well. */
  advice: string[];
}

export interface CollectionCheckRecord {
  id: string;
  collectionId: string;
  /** Who asked for it, as `actorName` gives it. */
  actor: string;
  at: Date;
  check: CollectionCheck;
}
