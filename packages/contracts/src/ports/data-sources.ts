import type { DataSourceRecord } from '../data-source.ts';

type Changeable = 'name' | 'config' | 'sealed' | 'references' | 'mapping' | 'processing';

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
}
