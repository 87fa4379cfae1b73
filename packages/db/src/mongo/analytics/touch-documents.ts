import type { Binary, Collection, Db } from 'mongodb';

/** Which items occur in an hour at all: sorted 32-bit hashes, so that most hours need not be looked into. */
export interface TouchHourDocument {
  /** Touch and hour. */
  _id: string;
  touch: 'shown' | 'clicked';
  from: Date;
  hashes: Binary;
  /** How many documents hold its sessions. */
  chunks: number;
}

/** Sessions of an hour by item: `p0` … `p15` hold the items by hash, so that few of them are read for few items. */
export interface TouchChunkDocument extends Record<`p${number}`, string> {
  /** Hour and number of the chunk. */
  _id: string;
  /** In order of time. */
  idsJson: string;
  /** Traits of each. */
  traitsJson: string;
}

export interface TouchParts {
  hours: Collection<TouchHourDocument>;
  chunks: Collection<TouchChunkDocument>;
}

export function openTouches(db: Db): TouchParts {
  return { hours: db.collection('session_item_hours'), chunks: db.collection('session_item_chunks') };
}

export function hourKey(hour: Date): string {
  return hour.toISOString().slice(0, 13);
}

export function chunkKeys(hourId: string, chunks: number): string[] {
  return Array.from({ length: chunks }, (_, at) => `${hourId}:${at}`);
}

export async function createTouchIndexes({ hours }: TouchParts): Promise<void> {
  await hours.createIndex({ touch: 1, from: 1 });
}
