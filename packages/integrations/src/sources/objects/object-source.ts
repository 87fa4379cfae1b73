import type { ConnectionStep } from '../connection-steps.ts';

/** A file or object, as listed. */
export interface SourceObject {
  key: string;
  /** Changes whenever the content does: an ETag, a generation, a time with a size. */
  version: string;
  modifiedMs: number;
  bytes: number;
}

/** A place with files. */
export interface ObjectSource {
  /** What to try before listing. */
  steps: readonly ConnectionStep[];
  list(signal: AbortSignal): AsyncIterable<SourceObject>;
  open(object: SourceObject, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}
