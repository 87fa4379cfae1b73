import type { DocumentStore } from './document-store.ts';
import { encodeValue } from './sort-key.ts';

/** Removes what the TTL indexes say is over at `now` (milliseconds); returns how many. */
export function expireDocuments(store: DocumentStore, now: number): number {
  let count = 0;
  for (const collection of store.collections.values()) {
    for (const { spec, entries } of collection.indexes) {
      if (spec.expireAfterSeconds === undefined) continue;
      const latest = encodeValue(new Date(now - spec.expireAfterSeconds * 1000));
      const ids = new Set([...entries.range(latest.charAt(0), latest)].map(({ id }) => id));
      for (const id of ids) store.remove(collection.namespace, collection.documents.get(id)?._id);
      count += ids.size;
    }
  }
  return count;
}
