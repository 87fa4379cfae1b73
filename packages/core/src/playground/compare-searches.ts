import { actorName, SessionId, type SessionWithEvents, StudioError, toStudioError } from '@embedding-studio/contracts';
import { normaliseQuery } from '@embedding-studio/ml/clicks';
import { compareRanks, ndcgAt, type RankComparison } from '@embedding-studio/ml/ranking';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { gradesOf, type JudgedGrade, summariseGrades } from '../judgement/summarise-grades.ts';
import { parseInput } from '../parse-input.ts';
import type { HitExplanation } from '../search/describe-hits.ts';
import { previewPayload } from './preview-payload.ts';
import { type SettingAnswer, searchBySetting } from './search-by-setting.ts';
import { PlaygroundQuery, PlaygroundSetting } from './setting.ts';

export const CompareSearchesInput = z
  .strictObject({
    /** Absent: the query of the session. */
    query: PlaygroundQuery.optional(),
    settings: z.array(PlaygroundSetting).min(1).max(4),
    /** A session to replay: what it showed becomes the first column. */
    sessionId: SessionId.optional(),
    limit: z.number().int().min(1).max(30).default(10),
  })
  .refine(({ query, sessionId }) => query !== undefined || sessionId !== undefined, {
    path: ['query'],
    message: 'give a query, or a session to replay',
  });
export type CompareSearchesInput = z.input<typeof CompareSearchesInput>;

export interface ComparedHit {
  itemId: string;
  /** null in the list of a session. */
  score: number | null;
  explain?: HitExplanation;
  /** What the user of the session did with it, in order. */
  events?: string[];
}

export interface ComparedColumn {
  kind: 'search' | 'session';
  hits: ComparedHit[];
  /** How a search went; null for a session, or where it failed. */
  search: Omit<SettingAnswer, 'hits'> | null;
  session: { sessionId: string; createdAt: Date; userId: string | null; modelId: string | null } | null;
  /** Why this column alone has no answer. */
  failure: { code: string; message: string } | null;
  /** Against the golden set; null when nobody has judged an item of the query relevant. */
  ndcg10: number | null;
  /** Of its first ten items. */
  judged10: number;
}

export interface ComparedPair extends RankComparison {
  /** Places of the two columns. */
  columns: [number, number];
}

export interface ComparedSearches {
  query: string;
  columns: ComparedColumn[];
  /** Every two columns, the left one first. */
  pairs: ComparedPair[];
  /** Items of all columns, with payloads short enough to show. */
  items: Record<string, { title: string; payload: Record<string, unknown> }>;
  /** Grades that the query's items have in the golden set. */
  grades: Record<string, JudgedGrade>;
}

type Parsed = z.output<typeof CompareSearchesInput>;

/** One query by several settings side by side. Nothing of it is recorded as a session. */
export async function compareSearches({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: CompareSearchesInput;
}): Promise<ComparedSearches> {
  authorise(ctx, 'search.read');
  const given = parseInput(CompareSearchesInput, input);
  requireUserAccess(ctx, given);
  const session = given.sessionId === undefined ? null : await openSession(ctx, given.sessionId);
  const query = given.query ?? session?.query ?? '';
  const items: ComparedSearches['items'] = {};
  const replayed = session === null ? [] : [await replaySession(ctx, { session, limit: given.limit, items })];
  const searched = await Promise.all(
    given.settings.map((setting) => searchColumn(ctx, { query, setting, limit: given.limit, items })),
  );
  const grades = await findGrades(ctx, query);
  const columns = [...replayed, ...searched].map((column) => judgeColumn(column, gradesOf(grades)));
  return { query, columns, pairs: pairColumns(columns), items, grades: Object.fromEntries(grades) };
}

/** What one user would see says something of that user. */
export function requireUserAccess(ctx: Ctx, { settings }: Pick<Parsed, 'settings'>): void {
  if (settings.some(({ userId }) => userId !== undefined)) authorise(ctx, 'session.read');
}

async function openSession(ctx: Ctx, sessionId: string): Promise<SessionWithEvents> {
  authorise(ctx, 'session.read');
  const session = await ctx.deps.sessions.getSession(sessionId);
  if (session.query.trim() !== '') return session;
  throw new StudioError('INPUT_INVALID', `Session ${sessionId} has no query to replay.`, { field: 'sessionId' });
}

type Column = Omit<ComparedColumn, 'ndcg10' | 'judged10'>;
type Items = ComparedSearches['items'];

async function replaySession(
  ctx: Ctx,
  { session, limit, items }: { session: SessionWithEvents; limit: number; items: Items },
): Promise<Column> {
  const { sessionId, createdAt, userId = null, modelId = null } = session;
  const shown = session.shown.slice(0, limit).map(({ itemId }) => itemId);
  for (const item of await ctx.deps.items.findHits(shown))
    items[item.id] = { title: item.title, payload: previewPayload(item.payload) };
  const hits = shown.map((itemId) => {
    const events = session.events.filter((event) => event.itemId === itemId).map(({ type }) => type);
    return { itemId, score: null, events };
  });
  const facts = { sessionId, createdAt, userId, modelId };
  return { kind: 'session', hits, search: null, session: facts, failure: null };
}

async function searchColumn(
  ctx: Ctx,
  asked: { query: string; setting: PlaygroundSetting; limit: number; items: Items },
): Promise<Column> {
  const column: Column = { kind: 'search', hits: [], search: null, session: null, failure: null };
  try {
    const { hits, ...search } = await searchBySetting(ctx, asked);
    for (const { itemId, title, payload } of hits) asked.items[itemId] = { title, payload: previewPayload(payload) };
    return { ...column, search, hits: hits.map(({ itemId, score, explain }) => ({ itemId, score, explain })) };
  } catch (error) {
    const { code, publicMessage: message } = toStudioError(error);
    // One that may not be asked, or a fault of ours, is the whole call's failure.
    if (code === 'FORBIDDEN' || code === 'INTERNAL' || code === 'ABORTED') throw error;
    return { ...column, failure: { code, message } };
  }
}

async function findGrades(ctx: Ctx, query: string): Promise<Map<string, JudgedGrade>> {
  const rows = await ctx.deps.judgements.listJudgements([normaliseQuery(query)]);
  return summariseGrades(rows, actorName(ctx.actor));
}

function judgeColumn(column: Column, grades: Record<string, number>): ComparedColumn {
  const ids = column.hits.map(({ itemId }) => itemId);
  const judged10 = ids.slice(0, 10).filter((itemId) => Object.hasOwn(grades, itemId)).length;
  return { ...column, judged10, ndcg10: column.failure === null ? ndcgOrNull(ids, grades) : null };
}

/** null where nothing relevant is known: a nought would say that the ranking is bad. */
export function ndcgOrNull(ids: readonly string[], grades: Record<string, number>): number | null {
  return Object.values(grades).some((grade) => grade > 0) ? ndcgAt(ids, grades) : null;
}

function pairColumns(columns: readonly ComparedColumn[]): ComparedPair[] {
  const lists = columns.map(({ hits }) => hits.map(({ itemId }) => itemId));
  return lists.flatMap((left, from) =>
    lists.slice(from + 1).map((right, step): ComparedPair => {
      return { columns: [from, from + 1 + step], ...compareRanks(left, right) };
    }),
  );
}
