import type { HardNegativeReport, HardNegativeSettings, TrainingQuery, TrainingSet } from '@embedding-studio/contracts';
import { normaliseQuery } from '@embedding-studio/ml/clicks';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import type { Ctx } from '../context.ts';
import { loadTexts } from './build-training-set.ts';
import { type BaseModel, type ClickedQuery, type NearQuery, openNearItems } from './near-items.ts';

/** Ranks of the base model that are looked at, from 1: what stands higher is too often simply right. */
const firstRank = 10;
const lastRank = 100;
const queriesMax = 5_000;
/** Negatives kept for each that a visit shows: epochs see others. */
const variety = 4;
const deadlineMs = 180_000;
const concurrency = 3;

export interface MinedNegatives {
  /** By normalised query. */
  negatives: Record<string, string[]>;
  itemTexts: Record<string, string>;
  report: HardNegativeReport;
}

interface Mining {
  base: BaseModel;
  trainingSet: TrainingSet;
  settings: HardNegativeSettings;
  seed: number;
}

/** For every query items that the base model finds near, nobody clicked, and that are clearly behind what was clicked. */
export async function mineHardNegatives(ctx: Ctx, mining: Mining): Promise<MinedNegatives> {
  const started = ctx.deps.clock.now().getTime();
  const queries = listQueries(mining);
  const near = await openNearItems(ctx, { base: mining.base, queries, depth: lastRank });
  const report: HardNegativeReport = { ...nothing, source: near.source, queries: queries.length };
  const chosen: string[][] = queries.map(() => []);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < queries.length; at = next++) {
      ctx.signal?.throwIfAborted();
      const query = queries[at];
      if (query === undefined) return;
      if (ctx.deps.clock.now().getTime() - started > deadlineMs) report.outOfTime += 1;
      else chosen[at] = choose(await near.rank(at), { query, mining, report, at });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  report.negatives = chosen.reduce((sum, ids) => sum + ids.length, 0);
  report.withNegatives = chosen.filter((ids) => ids.length > 0).length;
  const negatives = Object.fromEntries(queries.map(({ key }, at) => [key, chosen[at] ?? []]));
  return { negatives, report, itemTexts: await loadTexts(ctx, [...new Set(chosen.flat())]) };
}

/** The set with negatives at their queries. */
export function addNegatives(set: TrainingSet, { negatives, itemTexts }: MinedNegatives): TrainingSet {
  const queries = set.queries.map((query): TrainingQuery => {
    const own = (negatives[normaliseQuery(query.text)] ?? []).filter((itemId) => itemId in itemTexts);
    return own.length > 0 ? { ...query, hardNegatives: own } : query;
  });
  return { queries, itemTexts: { ...itemTexts, ...set.itemTexts } };
}

const nothing = { withNegatives: 0, negatives: 0, tooNear: 0, clicked: 0, unplaced: 0, outOfTime: 0 };

interface MinedQuery extends ClickedQuery {
  key: string;
}

/** Each question once, with everything ever clicked for it; a random part of very many. */
function listQueries({ trainingSet, seed }: Mining): MinedQuery[] {
  const byKey = new Map<string, MinedQuery>();
  for (const { text, clicked } of trainingSet.queries) {
    const key = normaliseQuery(text);
    const known = byKey.get(key) ?? { key, text, clicked: [] };
    known.clicked = [...new Set([...known.clicked, ...clicked.map(({ itemId }) => itemId)])];
    byKey.set(key, known);
  }
  return shuffle([...byKey.values()], createRandom(seed)).slice(0, queriesMax);
}

function choose(
  found: NearQuery,
  { query, mining, report, at }: { query: MinedQuery; mining: Mining; report: HardNegativeReport; at: number },
): string[] {
  const { settings, seed } = mining;
  const chosen = chooseNegatives(found, { clicked: query.clicked, settings, seed: seed + at + 1 });
  report.clicked += chosen.clicked;
  report.tooNear += chosen.tooNear;
  report.unplaced += found.clickedCosine === null ? 1 : 0;
  return chosen.itemIds;
}

/** Of what the base model ranks near a query, a few that are clearly behind what was clicked. */
export function chooseNegatives(
  { ranked, clickedCosine }: NearQuery,
  given: { clicked: readonly string[]; settings: HardNegativeSettings; seed: number },
): { itemIds: string[]; clicked: number; tooNear: number } {
  if (clickedCosine === null) return { itemIds: [], clicked: 0, tooNear: 0 };
  const known = new Set(given.clicked);
  const seen = ranked.slice(firstRank - 1, lastRank);
  const unknown = seen.filter(({ itemId }) => !known.has(itemId));
  const behind = unknown.filter(({ cosine }) => cosine <= clickedCosine * (1 - given.settings.margin));
  const itemIds = shuffle(
    behind.map(({ itemId }) => itemId),
    createRandom(given.seed),
  );
  return {
    itemIds: itemIds.slice(0, given.settings.perQuery * variety),
    clicked: seen.length - unknown.length,
    tooNear: unknown.length - behind.length,
  };
}
