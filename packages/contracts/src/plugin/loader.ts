import type { PluginBase } from './plugin.ts';

/** One step of a connection test, in the order tried; the test ends at the first that fails. */
export interface LoaderStep {
  /** Short and stable, e.g. `resolve host`, `sign in`, `list objects`. */
  name: string;
  ok: boolean;
  /** What was found, or what failed and what to do about it; no secrets. */
  message: string;
}

/** Type of a column as its values show it; `empty` where no row had a value. */
export type ColumnType = 'text' | 'number' | 'boolean' | 'date' | 'list' | 'object' | 'binary' | 'empty';

export interface InferredColumn {
  name: string;
  type: ColumnType;
  /** Some row of the preview lacked it. */
  isOptional: boolean;
}

/** One thing of the source, before it is mapped to an item. */
export interface SourceRecord {
  /** Unique in the source and the same at every read: object key, primary key, line number. */
  key: string;
  /** JSON values, dates as ISO 8601 text; a file's content is a Uint8Array. Empty when `isDeleted`. */
  fields: Record<string, unknown>;
  /** The source says that it is gone. */
  isDeleted?: boolean;
  /** Why it could not be read; `fields` is empty then. It is listed as a failed item and reading goes on. */
  fault?: string;
}

export interface SourceRow {
  record: SourceRecord;
  /** Reading again with this cursor continues after this record. Opaque text of the loader, at most 4,000 characters. */
  cursor: string;
}

export interface LoaderPreview {
  rows: Record<string, unknown>[];
  columns: InferredColumn[];
}

/**
 * Reads records from a source. Never writes to it.
 * Errors: `StudioError('INPUT_INVALID', …, { field })` for a config that cannot work, `SOURCE_UNREACHABLE` for a source
 * that does not answer (the job tries again). A single bad record is yielded with its `fault`; reading goes on.
 */
export interface Loader<Config = unknown> extends PluginBase<'loader', Config> {
  /** Never throws for what the source does: that is a failed step. Returns at least one step. */
  testConnection(config: Config, signal: AbortSignal): Promise<LoaderStep[]>;
  /** The first records, for mapping fields; at most `limit`. */
  preview(config: Config, options: { limit: number; signal: AbortSignal }): Promise<LoaderPreview>;
  /**
   * All records after `cursor` (null: from the start), in an order that stays the same, so that a stopped read goes on.
   * Stops soon after `signal` is aborted.
   */
  read(config: Config, options: { cursor: string | null; signal: AbortSignal }): AsyncIterable<SourceRow>;
}
