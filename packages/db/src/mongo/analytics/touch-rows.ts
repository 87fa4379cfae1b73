import type { SessionTouches, TouchedItems } from '@embedding-studio/contracts';
import { packJson, unpackJson } from '../document-values.ts';
import { hashItem, holdsHash, packHashes } from './item-hashes.ts';
import { chunkKeys, hourKey, type TouchChunkDocument, type TouchParts } from './touch-documents.ts';

const sessionsPerChunk = 2_000;
const partsPerChunk = 16;
const hoursAtOnce = 200;
/** First few chunks are read at once, then more and more. */
const chunksAtOnceMax = 16;
const hourMs = 3_600_000;

/** Item, numbers of the sessions that showed or clicked it, numbers of those that clicked it. */
type Posting = [itemId: string, touched: number[], clicked: number[]];

function partOf(itemId: string): `p${number}` {
  return `p${hashItem(itemId) % partsPerChunk}`;
}

/** The chunks first: an hour is found only once all that it leads to is there. */
export async function putTouches(
  { hours, chunks }: TouchParts,
  hour: Date,
  sessions: readonly SessionTouches[],
): Promise<void> {
  const _id = hourKey(hour);
  const documents: TouchChunkDocument[] = [];
  for (let start = 0; start < sessions.length; start += sessionsPerChunk)
    documents.push(toChunk(`${_id}:${documents.length}`, sessions.slice(start, start + sessionsPerChunk)));
  await Promise.all(documents.map((one) => chunks.replaceOne({ _id: one._id }, one, { upsert: true })));
  const clicked = new Set(sessions.flatMap(({ clickedIds }) => clickedIds));
  const shown = new Set(clicked);
  for (const { shownIds } of sessions) for (const itemId of shownIds) shown.add(itemId);
  const listed = { from: hour, chunks: documents.length };
  const before = await hours.findOneAndReplace(
    { _id: `shown:${_id}` },
    { ...listed, touch: 'shown', hashes: packHashes(shown) },
    { upsert: true, returnDocument: 'before' },
  );
  const clicks = { ...listed, touch: 'clicked' as const, hashes: packHashes(clicked) };
  await hours.replaceOne({ _id: `clicked:${_id}` }, clicks, { upsert: true });
  const surplus = chunkKeys(_id, before?.chunks ?? 0).slice(documents.length);
  if (surplus.length > 0) await chunks.deleteMany({ _id: { $in: surplus } });
}

function toChunk(_id: string, sessions: readonly SessionTouches[]): TouchChunkDocument {
  const postings = new Map<string, Posting>();
  const postingOf = (itemId: string): Posting => {
    const posting = postings.get(itemId) ?? [itemId, [], []];
    postings.set(itemId, posting);
    return posting;
  };
  for (const [number, { shownIds, clickedIds }] of sessions.entries()) {
    for (const itemId of new Set([...shownIds, ...clickedIds])) postingOf(itemId)[1].push(number);
    for (const itemId of clickedIds) postingOf(itemId)[2].push(number);
  }
  const parts = new Map<`p${number}`, Posting[]>();
  for (const posting of postings.values()) {
    const part = partOf(posting[0]);
    parts.set(part, [...(parts.get(part) ?? []), posting]);
  }
  const idsJson = packJson(
    sessions.map(({ sessionId }) => sessionId),
    'sessions',
  );
  const packed = [...parts].map(([part, list]) => [part, packJson(list, 'items')] as const);
  const traitsJson = packJson(
    sessions.map(({ traitsKey }) => traitsKey),
    'traits',
  );
  return { _id, idsJson, traitsJson, ...Object.fromEntries(packed) };
}

export interface TouchRange {
  items: TouchedItems;
  from: Date | null;
  /** Sessions of the hour in which this lies are included. */
  until: Date | null;
}

export interface Touching {
  sessionId: string;
  traitsKey: string;
}

/** The sessions that touched the items, later hours first; within one list later sessions first. */
export async function* findTouching(parts: TouchParts, range: TouchRange): AsyncGenerator<Touching[]> {
  const wanted = new Set(range.items.itemIds);
  const hashes = [...wanted].map(hashItem);
  let pending: string[] = [];
  let atOnce = 1;
  for await (const hour of listHours(parts, range)) {
    if (!holdsHash(hour.hashes, hashes)) continue;
    pending.push(...chunkKeys(hourKey(hour.from), hour.chunks).reverse());
    while (pending.length >= atOnce) {
      yield* readChunks(parts, { keys: pending.slice(0, atOnce), items: range.items, wanted });
      pending = pending.slice(atOnce);
      atOnce = Math.min(chunksAtOnceMax, atOnce * 2);
    }
  }
  yield* readChunks(parts, { keys: pending, items: range.items, wanted });
}

function listHours({ hours }: TouchParts, range: TouchRange) {
  return hours.find(conditionsOf(range)).sort({ from: -1 }).batchSize(hoursAtOnce);
}

function conditionsOf({ items, from, until }: TouchRange) {
  const within = {
    $gte: from ?? new Date(0),
    ...(until === null ? {} : { $lte: new Date(Math.floor(until.getTime() / hourMs) * hourMs) }),
  };
  return { touch: items.touch, from: within };
}

/** Where the newest `count` hours of the range begin; null: it has no more. */
export async function findCut({ hours }: TouchParts, range: TouchRange, count: number): Promise<Date | null> {
  const [newest, next] = await hours
    .find(conditionsOf(range), { projection: { from: 1 } })
    .sort({ from: -1 })
    .skip(count - 1)
    .limit(2)
    .toArray();
  return newest === undefined || next === undefined ? null : newest.from;
}

interface Read {
  keys: string[];
  items: TouchedItems;
  wanted: ReadonlySet<string>;
}

async function* readChunks({ chunks }: TouchParts, { keys, items, wanted }: Read): AsyncGenerator<Touching[]> {
  if (keys.length === 0) return;
  const names = [...new Set(items.itemIds.map(partOf))];
  const projection = Object.fromEntries(['idsJson', 'traitsJson', ...names].map((name) => [name, 1]));
  const found = await chunks
    .find({ _id: { $in: keys } }, { projection })
    .batchSize(keys.length)
    .toArray();
  const byKey = new Map(found.map((chunk) => [chunk._id, chunk]));
  const touching: Touching[] = [];
  for (const key of keys) {
    const chunk = byKey.get(key);
    if (chunk === undefined) continue;
    const numbers = new Set<number>();
    for (const name of names)
      for (const [itemId, touched, clicked] of unpackJson<Posting[]>(chunk[name] ?? '[]'))
        if (wanted.has(itemId)) for (const number of items.touch === 'clicked' ? clicked : touched) numbers.add(number);
    if (numbers.size === 0) continue;
    const [ids, traits] = [unpackJson<string[]>(chunk.idsJson), unpackJson<string[]>(chunk.traitsJson)];
    for (const number of [...numbers].sort((left, right) => right - left))
      touching.push({ sessionId: ids[number] ?? '', traitsKey: traits[number] ?? '' });
  }
  if (touching.length > 0) yield touching;
}

/** What is known of hours none of whose sessions is left. */
export async function dropTouches({ hours, chunks }: TouchParts, emptyHours: readonly Date[]): Promise<void> {
  for (const hour of emptyHours) {
    const before = await hours.findOneAndDelete({ _id: `shown:${hourKey(hour)}` });
    await hours.deleteOne({ _id: `clicked:${hourKey(hour)}` });
    if (before !== null) await chunks.deleteMany({ _id: { $in: chunkKeys(hourKey(hour), before.chunks) } });
  }
}
