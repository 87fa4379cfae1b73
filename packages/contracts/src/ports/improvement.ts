import type { ArrivalCursor } from './sessions.ts';

/** How one collection learns between fine-tunings; there is none until it is turned on for the first time. */
export interface ImprovementState {
  collectionId: string;
  /** Searches apply the overlay, and new feedback feeds it. */
  isOn: boolean;
  /** After a rollback: what is learned is kept, but not served until the hold ends. */
  isHeld: boolean;
  /** The overlay that searches see; 0: none yet. */
  version: number;
  /** The newest overlay there is. */
  versionLast: number;
  /** Older feedback is in the model already. */
  learnFrom: Date;
  /** How far arrivals have been read. */
  cursor: ArrivalCursor | null;
}

/** What one session says about items, ready to be weighed. */
export interface SessionEvidence {
  sessionId: string;
  /** A user's id, or one made of the session's for visitors without a name. */
  userKey: string;
  isAnonymous: boolean;
  /** Normalised query: its vector is stored once. */
  queryKey: string;
  at: Date;
  /** Weight above zero: wanted; below: passed over. */
  items: readonly { itemId: string; weight: number }[];
}

export interface StoredEvidence {
  itemId: string;
  sessionId: string;
  userKey: string;
  query: Float32Array;
  weight: number;
  at: Date;
}

/** How an item is served: norm(keep · d + shift). */
export interface OverlayDelta {
  keep: number;
  norm: number;
  shift: Float32Array;
}

/** Where a delta comes from. */
export interface DeltaProvenance {
  usersEffective: number;
  users: number;
  sessions: number;
  /** The latest of them. */
  latest: string[];
}

export interface ItemDeltaRow {
  itemId: string;
  /** Null: nothing speaks for a change any more. */
  delta: OverlayDelta | null;
  provenance: DeltaProvenance;
}

export interface UserCentroid {
  vector: Float32Array;
  weight: number;
}

export interface Overlay {
  version: number;
  deltas: ReadonlyMap<string, OverlayDelta>;
}

/** Deltas, interests of users and the evidence for both (Postgres). Vectors of items are never written here. */
export interface ImprovementStore {
  findState(collectionId: string): Promise<ImprovementState | null>;
  /** Makes the state when there is none. */
  updateState(
    collectionId: string,
    change: Partial<Pick<ImprovementState, 'isOn' | 'isHeld' | 'version' | 'learnFrom' | 'cursor'>>,
  ): Promise<ImprovementState>;
  /**
   * What searches apply, kept in this process and brought up to date about once a second; null when the collection is
   * not turned on. Costs no round trip in between.
   */
  recallOverlay(collectionId: string): Promise<Overlay | null>;
  /** Replaces all that these sessions said before; the items and users that gain or lose by it. */
  putEvidence(
    collectionId: string,
    evidence: readonly SessionEvidence[],
    queries: ReadonlyMap<string, Float32Array>,
  ): Promise<{ itemIds: string[]; userKeys: string[] }>;
  /** Those of the normalised queries whose vectors are not stored yet. */
  listUnknownQueries(collectionId: string, queryKeys: readonly string[]): Promise<string[]>;
  /** The newest of each item that came after `learnFrom`, at most `perItem`: what is older is in the vectors already. */
  listEvidence(collectionId: string, itemIds: readonly string[], perItem: number): Promise<StoredEvidence[]>;
  /** Sessions that speak of any item and came after `learnFrom`, newest first. */
  listEvidenceSessions(collectionId: string, page: { before: Date; limit: number }): Promise<string[]>;
  /**
   * A collection of the same model goes on where another stands: on or off as that one, learning from `learnFrom` with
   * an empty overlay; interests of users come along. Repeated, it changes nothing.
   */
  carryOver(move: { from: string; to: string; learnFrom: Date }): Promise<void>;
  /** Items wanted by a user, oldest first, the newest `limit` of them. */
  listWanted(
    collectionId: string,
    userKey: string,
    limit: number,
  ): Promise<{ itemId: string; weight: number; at: Date }[]>;
  /** Mean of a sample of the collection's vectors. */
  findMean(collectionId: string): Promise<Float32Array | null>;
  /** Mean of the stored queries (2,000 at most) and how many it is of; null without any. */
  findQueryMean(collectionId: string): Promise<{ mean: Float32Array; queries: number } | null>;
  /** Writes the rows as the next version, and serves it unless the collection is held. */
  putDeltas(collectionId: string, rows: readonly ItemDeltaRow[]): Promise<ImprovementState>;
  /** Newest version at most `version`. */
  findDelta(
    collectionId: string,
    itemId: string,
    version: number,
  ): Promise<(ItemDeltaRow & { version: number; madeAt: Date }) | null>;
  countDeltas(collectionId: string): Promise<{ items: number; users: number; evidence: number }>;
  /** Served deltas made before this time: their evidence has faded since. */
  listOldDeltas(collectionId: string, madeBefore: Date, limit: number): Promise<string[]>;
  /** Replaces the interests of a user; none removes them. */
  putCentroids(collectionId: string, userKey: string, centroids: readonly UserCentroid[]): Promise<void>;
  findCentroids(collectionId: string, userKey: string): Promise<UserCentroid[]>;
  /** Removes evidence that has faded, versions nobody can roll back to, and unused query vectors. */
  prune(collectionId: string, before: { evidence: Date; versions: Date }): Promise<void>;
  /** Removes interests and evidence of a user everywhere; names the items that rested on it. Idempotent. */
  eraseUser(userKey: string): Promise<{ collectionId: string; itemIds: string[] }[]>;
}
