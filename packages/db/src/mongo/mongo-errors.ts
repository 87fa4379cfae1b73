import { isStudioError, StudioError, toStudioError } from '@embedding-studio/contracts';
import { MongoBulkWriteError, MongoServerError } from 'mongodb';

const duplicateKey = 11000;
/** Names of driver errors that mean: no server, no answer, or not in time. */
const outage = /Network|Timeout|TimedOut|ServerSelection|TopologyClosed|NotConnected|PoolCleared|PoolClosed/;
/** Interrupted, shutting down, not primary, out of time, write concern not met. */
const outageCodes = new Set([50, 64, 89, 91, 100, 189, 262, 7, 6, 10107, 11600, 11602, 13435, 13436]);

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === duplicateKey;
}

/** Positions at which an unordered or ordered bulk write hit a duplicate key; null for any other failure. */
export function findDuplicates(error: unknown): number[] | null {
  if (!(error instanceof MongoBulkWriteError)) return null;
  const faults = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
  return faults.length > 0 && faults.every((fault) => fault.code === duplicateKey)
    ? faults.map((fault) => fault.index)
    : null;
}

export function toMongoError(error: unknown): StudioError {
  if (isStudioError(error)) return error;
  const name = error instanceof Error ? error.name : '';
  const code = error instanceof MongoServerError ? Number(error.code) : Number.NaN;
  if (outage.test(name) || outageCodes.has(code))
    return new StudioError('STORE_UNAVAILABLE', `MongoDB: ${error instanceof Error ? error.message : String(error)}`, {
      publicMessage: 'The document database does not answer; try again shortly.',
      cause: error,
    });
  return toStudioError(error);
}

type AsyncMethod = (...args: never[]) => Promise<unknown>;

/** The same store with driver errors turned into StudioErrors; `before` may refuse every call. */
export function withMongoErrors<T extends object>(store: T, before: () => void = () => undefined): T {
  const wrapped = Object.entries(store).map(([name, method]: [string, AsyncMethod]) => [
    name,
    async (...args: never[]) => {
      before();
      try {
        return await method(...args);
      } catch (error) {
        throw toMongoError(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}
