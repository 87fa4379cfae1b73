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
  /** Absent in checks made before it was measured; null: too few queries. */
  drift?: QueryDrift | null;
  /** What to do, most urgent first; empty when all is well. */
  advice: string[];
}

/** How unlike the queries of the last seven days are to those from before the collection was made. */
export interface QueryDrift {
  /** Chance that a query of then is nearer to others of then than one of now is: .5 is no drift, 1 is all of it. */
  area: number;
  /** 95 % interval. */
  lower: number;
  upper: number;
  /** Queries looked at, of then and of now. */
  before: number;
  recent: number;
}

export interface CollectionCheckRecord {
  id: string;
  collectionId: string;
  /** Who asked for it, as `actorName` gives it. */
  actor: string;
  at: Date;
  check: CollectionCheck;
}
