import { actorName, toStudioError } from '@embedding-studio/contracts';
import { normaliseQuery } from '@embedding-studio/ml/clicks';
import { compareRanks } from '@embedding-studio/ml/ranking';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { gradesOf, summariseGrades } from '../judgement/summarise-grades.ts';
import { parseInput } from '../parse-input.ts';
import { type ChosenQuery, chooseJudgedQueries, chooseTopQueries } from './choose-queries.ts';
import { ndcgOrNull, requireUserAccess } from './compare-searches.ts';
import { searchBySetting } from './search-by-setting.ts';
import { PlaygroundSetting } from './setting.ts';
import { type ComparedQuery, type QuerySetSummary, summariseQuerySet } from './summarise-query-set.ts';

export const CompareQuerySetInput = z.strictObject({
  /** `golden`: queries that were judged; `sessions`: the most frequent of the latest sessions. */
  source: z.enum(['golden', 'sessions']),
  settings: z.array(PlaygroundSetting).min(2).max(4),
  queries: z.number().int().min(1).max(200).default(50),
});
export type CompareQuerySetInput = z.input<typeof CompareQuerySetInput>;

export type QuerySetUpdate =
  | { kind: 'progress'; done: number; total: number }
  | { kind: 'result'; total: number; summary: QuerySetSummary; failed: { query: string; message: string }[] };

const depth = 10;
const pauseMs = 250;
const failedMax = 20;

/** Many queries by several settings, the first being what the others are compared with. Ends with a `result`. */
export async function* compareQuerySet({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: CompareQuerySetInput;
}): AsyncGenerator<QuerySetUpdate> {
  authorise(ctx, 'search.read');
  const { source, settings, queries: count } = parseInput(CompareQuerySetInput, input);
  requireUserAccess(ctx, { settings });
  if (source === 'golden') authorise(ctx, 'judgement.read');
  else authorise(ctx, 'session.read');
  const queries = await (source === 'golden' ? chooseJudgedQueries(ctx, count) : chooseTopQueries(ctx, count));
  const compared: ComparedQuery[] = [];
  const failed: { query: string; message: string }[] = [];
  const now = () => ctx.deps.clock.now().getTime();
  let saidAt = now();
  yield { kind: 'progress', done: 0, total: queries.length };
  for (const [index, chosen] of queries.entries()) {
    ctx.signal?.throwIfAborted();
    try {
      compared.push(await compareQuery(ctx, { chosen, settings }));
    } catch (error) {
      failed.push({ query: chosen.query, message: failureOf(error) });
    }
    if (now() - saidAt < pauseMs) continue;
    saidAt = now();
    yield { kind: 'progress', done: index + 1, total: queries.length };
  }
  const summary = summariseQuerySet(compared, settings.length);
  yield { kind: 'result', total: queries.length, summary, failed: failed.slice(0, failedMax) };
}

function failureOf(error: unknown): string {
  const { code, publicMessage } = toStudioError(error);
  if (code === 'ABORTED' || code === 'FORBIDDEN') throw error;
  return publicMessage;
}

async function compareQuery(
  ctx: Ctx,
  { chosen, settings }: { chosen: ChosenQuery; settings: readonly PlaygroundSetting[] },
): Promise<ComparedQuery> {
  const { query, sessions } = chosen;
  const answers = await Promise.all(settings.map((setting) => searchBySetting(ctx, { query, setting, limit: depth })));
  const lists = answers.map(({ hits }) => hits.map(({ itemId }) => itemId));
  const rows = await ctx.deps.judgements.listJudgements([normaliseQuery(query)]);
  const grades = gradesOf(summariseGrades(rows, actorName(ctx.actor)));
  const [baseline = [], ...others] = lists;
  return {
    ...{ query, sessions },
    others: others.map((list) => {
      const { jaccard, rbo } = compareRanks(baseline, list);
      return { jaccard, rbo, isTopKept: baseline[0] === list[0] };
    }),
    ndcg10: lists.map((list) => ndcgOrNull(list, grades)),
  };
}
