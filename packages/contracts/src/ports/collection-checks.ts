import type { CollectionCheckRecord } from '../collection-check.ts';

/** What index checks found, over time (Postgres). */
export interface CollectionCheckStore {
  putCheck(record: Omit<CollectionCheckRecord, 'at'>): Promise<CollectionCheckRecord>;
  /** Newest first; `before`: id of the last check of the page before. */
  listChecks(page: { collectionId: string; before: string | null; limit: number }): Promise<CollectionCheckRecord[]>;
}
