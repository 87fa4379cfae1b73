import type { DataSourceRecord } from '../data-source.ts';

type Changeable = 'name' | 'config' | 'sealed' | 'references' | 'mapping' | 'processing' | 'deletions';

/** Data sources (Postgres). Secrets arrive here encrypted. */
export interface DataSourceStore {
  createDataSource(source: Pick<DataSourceRecord, Changeable | 'id' | 'loader'>): Promise<DataSourceRecord>;
  /** @throws DATA_SOURCE_NOT_FOUND */
  getDataSource(id: string): Promise<DataSourceRecord>;
  /** Keyset page ordered by id. */
  listDataSources(page: { after: string | null; limit: number }): Promise<DataSourceRecord[]>;
  updateDataSource(id: string, change: Partial<Pick<DataSourceRecord, Changeable>>): Promise<DataSourceRecord>;
  /** false: it was gone already. */
  deleteDataSource(id: string): Promise<boolean>;
  /** Compare-and-swap; false when somebody else has moved it. */
  moveCursor(id: string, move: { from: string | null; to: string | null }): Promise<boolean>;
  /** Compare-and-swap; false when somebody else was first. */
  setLastTask(id: string, move: { from: string | null; to: string }): Promise<boolean>;
  /** Notes that this sync has met these items in the source. */
  recordSeen(sourceId: string, seen: { taskId: string; itemIds: readonly string[] }): Promise<void>;
  /** The source has, or had, nothing to do with these items any more. */
  forgetSeen(sourceId: string, itemIds: readonly string[]): Promise<void>;
  /**
   * `known`: items that came from this source and no other. `vanished`: those of them that the sync has not met. Items
   * that are gone already do not count.
   */
  countVanished(sourceId: string, taskId: string): Promise<{ known: number; vanished: number }>;
  listVanished(sourceId: string, taskId: string, limit: number): Promise<string[]>;
}
