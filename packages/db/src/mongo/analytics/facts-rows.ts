import {
  type AnalyticsStore,
  type FactsQuery,
  hasTouched,
  type PlainFacts,
  type SessionFacts,
  type TouchedItems,
} from '@embedding-studio/contracts';
import { findDuplicates } from '../mongo-errors.ts';
import {
  type AnalyticsParts,
  byExperiment,
  byQuery,
  byTime,
  byTraits,
  byUser,
  type FactsDocument,
  toFacts,
  toFactsDocument,
  toPlainFacts,
} from './analytics-documents.ts';
import { behind, conditionsOf, newestFirst, type FactsPage as Page } from './facts-conditions.ts';
import { countTouching, listTouching } from './touching-facts.ts';

type Window = Parameters<AnalyticsStore['findFactsOfUsers']>[0][number];

const idsAtOnce = 1_000;
const windowsAtOnce = 50;
/** What one query unites in order of time. */
const traitsAtOnce = 200;
/** Below this share of the sessions it is quicker to go through those with the traits than through all of them. */
const rareShare = 0.05;
/** So many rows of a prefix are sorted at once; a more frequent prefix is found soon enough in order of time. */
const prefixRowsMax = 2_000;
/** So many sessions are looked through for items sooner than the items lead to them. */
const rareMax = 5_000;
const siftedAtOnce = 1_000;
const missedMax = 100_000;

/** Most are new: what is there already is found out by the insert, and replaced. */
export async function putFacts({ facts }: AnalyticsParts, rows: readonly SessionFacts[]): Promise<void> {
  const documents = rows.map(toFactsDocument);
  for (let start = 0; start < documents.length; start += idsAtOnce) {
    const page = documents.slice(start, start + idsAtOnce);
    const known = await insertNew(facts, page);
    if (known.length === 0) continue;
    await facts.bulkWrite(
      known.map((replacement) => ({ replaceOne: { filter: { _id: replacement._id }, replacement, upsert: true } })),
      { ordered: false },
    );
  }
}

async function insertNew(facts: AnalyticsParts['facts'], page: FactsDocument[]): Promise<FactsDocument[]> {
  try {
    await facts.insertMany(page, { ordered: false });
    return [];
  } catch (error) {
    const known = findDuplicates(error);
    if (known === null) throw error;
    return known.flatMap((at) => page[at] ?? []);
  }
}

export async function findFacts({ facts }: AnalyticsParts, ids: readonly string[]): Promise<SessionFacts[]> {
  const found: SessionFacts[] = [];
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    const page = ids.slice(start, start + idsAtOnce);
    const rows = await facts
      .find({ _id: { $in: page } })
      .batchSize(idsAtOnce)
      .toArray();
    found.push(...rows.map(toFacts));
  }
  return found;
}

export async function findFactsOfUsers({ facts }: AnalyticsParts, windows: readonly Window[]): Promise<SessionFacts[]> {
  const found = new Map<string, SessionFacts>();
  for (let start = 0; start < windows.length; start += windowsAtOnce) {
    const $or = windows
      .slice(start, start + windowsAtOnce)
      .map(({ userId, from, to }) => ({ userId, at: { $gte: from, $lte: to } }));
    for (const row of await facts.find({ $or }).batchSize(idsAtOnce).toArray()) found.set(row._id, toFacts(row));
  }
  return [...found.values()];
}

export async function visitHour(
  { facts }: AnalyticsParts,
  hour: Date,
  visit: (facts: SessionFacts) => void,
): Promise<void> {
  const to = new Date(hour.getTime() + 3_600_000);
  const rows = facts.find({ at: { $gte: hour, $lt: to } }, { hint: byTime }).batchSize(5_000);
  for await (const row of rows) visit(toFacts(row));
}

interface Visit {
  range: { from: Date; to: Date };
  experimentId?: string;
  visit: (facts: PlainFacts) => void;
}

export async function visitPlain(
  { facts }: AnalyticsParts,
  { range: { from, to }, experimentId, visit }: Visit,
): Promise<void> {
  const wanted = {
    ...(experimentId === undefined ? {} : { experimentIds: experimentId }),
    at: { $gte: from, $lt: to },
  };
  const hint = experimentId === undefined ? byTime : byExperiment;
  const rows = facts.find(wanted, { hint, projection: { itemsJson: 0 } }).batchSize(5_000);
  for await (const row of rows) visit(toPlainFacts(row));
}

export async function listFacts(parts: AnalyticsParts, page: Page): Promise<SessionFacts[]> {
  if (page.traitsKeys?.length === 0) return [];
  if (page.items !== null) return listWithItems(parts, page, page.items);
  if (page.userId !== null) return findInOrder(parts, { page, hint: byUser });
  if (page.queryPrefix !== null) {
    const few = await findByPrefix(parts, page);
    if (few !== null) return few;
  }
  const isRare = page.expected !== null && page.expected.matching < page.expected.total * rareShare;
  if (page.traitsKeys !== null && isRare) return uniteByTraits(parts, page, page.traitsKeys);
  return findInOrder(parts, { page, hint: byTime });
}

/** Of one user, or with the rarest traits, all are looked through; else the items lead to the sessions. */
function listWithItems(parts: AnalyticsParts, page: Page, items: TouchedItems): Promise<SessionFacts[]> {
  const { traitsKeys, expected, userId } = page;
  if (userId !== null) return sift(page, items, (without) => findInOrder(parts, { page: without, hint: byUser }));
  if (traitsKeys !== null && expected !== null && expected.matching < rareMax)
    return sift(page, items, (without) => uniteByTraits(parts, without, traitsKeys));
  return listTouching(parts, page, items);
}

async function sift(
  page: Page,
  items: TouchedItems,
  read: (without: Page) => Promise<SessionFacts[]>,
): Promise<SessionFacts[]> {
  const found: SessionFacts[] = [];
  for (let { after } = page; ; ) {
    const rows = await read({ ...page, items: null, after, limit: siftedAtOnce });
    found.push(...rows.filter((row) => hasTouched(row, items)));
    const last = rows.at(-1);
    if (found.length >= page.limit || last === undefined || rows.length < siftedAtOnce)
      return found.slice(0, page.limit);
    after = last;
  }
}

async function findInOrder(
  { facts }: AnalyticsParts,
  { page, hint }: { page: Page; hint: Record<string, 1> },
): Promise<SessionFacts[]> {
  const filter = { $and: [conditionsOf(page), behind(page.after)] };
  const rows = await facts.find(filter, { hint }).sort(newestFirst).limit(page.limit).batchSize(page.limit).toArray();
  return rows.map(toFacts);
}

/** null: too many begin like this. */
async function findByPrefix({ facts }: AnalyticsParts, page: Page): Promise<SessionFacts[] | null> {
  const filter = { $and: [conditionsOf(page), behind(page.after)] };
  const count = { query: conditionsOf({ ...page, traitsKeys: null, from: null, to: null }).query };
  const [probe] = await facts
    .aggregate<{ n: number }>([{ $match: count }, { $limit: prefixRowsMax + 1 }, { $count: 'n' }], { hint: byQuery })
    .toArray();
  if ((probe?.n ?? 0) > prefixRowsMax) return null;
  const rows = await facts
    .find(filter, { hint: byQuery })
    .sort(newestFirst)
    .limit(page.limit)
    .batchSize(page.limit)
    .toArray();
  return rows.map(toFacts);
}

async function uniteByTraits(
  parts: AnalyticsParts,
  page: Page,
  traitsKeys: readonly string[],
): Promise<SessionFacts[]> {
  const all: SessionFacts[] = [];
  for (let start = 0; start < traitsKeys.length; start += traitsAtOnce) {
    const some = { ...page, traitsKeys: traitsKeys.slice(start, start + traitsAtOnce) };
    all.push(...(await findInOrder(parts, { page: some, hint: byTraits })));
  }
  if (traitsKeys.length <= traitsAtOnce) return all;
  const isLater = (left: SessionFacts, right: SessionFacts) =>
    right.at.getTime() - left.at.getTime() || (left.sessionId < right.sessionId ? 1 : -1);
  return all.sort(isLater).slice(0, page.limit);
}

export async function countTraits(
  { facts, touches }: Pick<AnalyticsParts, 'facts' | 'touches'>,
  query: FactsQuery,
  limit: { sessions: number; hours: number },
): Promise<{ counts: Map<string, number>; isAll: boolean }> {
  if (query.items !== null) return countTouching({ facts, touches }, { query, items: query.items, limit });
  const hint = query.userId !== null ? byUser : query.queryPrefix !== null ? byQuery : byTime;
  const rows = await facts
    .aggregate<{ _id: string; count: number }>(
      [
        { $match: conditionsOf(query) },
        { $limit: limit.sessions + 1 },
        { $group: { _id: '$traitsKey', count: { $sum: 1 } } },
      ],
      { hint },
    )
    .toArray();
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  return { counts: new Map(rows.map(({ _id, count }) => [_id, count])), isAll: total <= limit.sessions };
}

export async function listWritten(
  { facts }: AnalyticsParts,
  { after, limit }: { after: number; limit: number },
): Promise<{ facts: SessionFacts[]; missed: number }> {
  const rows = await facts
    .find({ sequence: { $gt: after } })
    .sort({ sequence: -1 })
    .limit(limit)
    .batchSize(limit)
    .toArray();
  const oldest = rows.at(-1);
  const older = oldest === undefined || rows.length < limit ? null : { $gt: after, $lt: oldest.sequence };
  const missed = older === null ? 0 : await facts.countDocuments({ sequence: older }, { limit: missedMax });
  return { facts: rows.reverse().map(toFacts), missed };
}
