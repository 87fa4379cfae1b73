import {
  type ProcessedQuery,
  type QueryExpansion,
  type RankedHit,
  type RankerHit,
  type SearchPlugins,
  StudioError,
} from '@embedding-studio/contracts';
import { normaliseQuery } from '@embedding-studio/ml/clicks';
import type { Ctx } from '../context.ts';
import { runPlugin } from '../plugin/run-plugin.ts';
import { findRankerFacts } from './find-ranker-facts.ts';

/** What the plugins of a chain did to one search, in their order. */
export interface ChainReport {
  applied: { pluginId: string; reasons: string[] }[];
  skipped: { pluginId: string; reason: string }[];
}

export interface ChainedQuery extends ChainReport {
  text: string;
  /** Searched beside `text`, which weighs 1. */
  expansions: QueryExpansion[];
}

const textMax = 2_000;
const expansionsMax = 10;

/** Runs a query through the collection's query processors. One that fails is skipped, and what came before it stays. */
export async function processQuery(
  ctx: Ctx,
  query: { text: string; language?: string; plugins: SearchPlugins },
): Promise<ChainedQuery> {
  const chained: ChainedQuery = { text: query.text, expansions: [], applied: [], skipped: [] };
  for (const step of query.plugins.queryProcessors) {
    const outcome = await runPlugin(ctx, step, {
      kind: 'query-processor',
      call: (plugin, config, { signal }) => {
        const { queryKnowledge } = ctx.deps;
        const vocabulary = plugin.needs.includes('vocabulary') ? queryKnowledge.vocabulary() : null;
        const coClicks = plugin.needs.includes('co-clicks') ? queryKnowledge.coClicks() : null;
        const given = { text: chained.text, language: query.language };
        return plugin.process(given, config, { signal, vocabulary, coClicks });
      },
      check: checkQuery,
    });
    if (!outcome.ok) {
      chained.skipped.push({ pluginId: step.id, reason: outcome.reason });
      continue;
    }
    const { text, expansions, reasons } = outcome.value;
    chained.text = text;
    chained.expansions.push(...(expansions ?? []));
    if (reasons.length > 0) chained.applied.push({ pluginId: step.id, reasons });
  }
  chained.expansions = mergeExpansions(chained);
  return chained;
}

function checkQuery(made: ProcessedQuery): ProcessedQuery {
  const text = made.text.trim().slice(0, textMax);
  const expansions = made.expansions ?? [];
  if (text === '') throw new StudioError('VERIFICATION_FAILED', 'it left nothing of the query');
  for (const { text: other, weight } of expansions) {
    if (typeof other !== 'string' || !(weight > 0 && weight <= 1))
      throw new StudioError('VERIFICATION_FAILED', `an expansion has the weight ${weight}`);
  }
  return { text, expansions, reasons: made.reasons.map(String) };
}

/** Each text once, with its highest weight, heaviest first; never the query itself. */
function mergeExpansions({ text, expansions }: ChainedQuery): QueryExpansion[] {
  const merged = new Map<string, QueryExpansion>();
  for (const expansion of expansions) {
    const key = normaliseQuery(expansion.text);
    const weight = Math.max(expansion.weight, merged.get(key)?.weight ?? 0);
    if (key !== '' && key !== normaliseQuery(text))
      merged.set(key, { text: expansion.text.trim().slice(0, textMax), weight });
  }
  return [...merged.values()].sort((a, b) => b.weight - a.weight).slice(0, expansionsMax);
}

export interface ChainHit {
  itemId: string;
  score: number;
  cosine: number | null;
  lexical: number;
}

/** A hit in its new place; `plugins` says by plugin id what moved it. */
export type ChainedHit<Hit extends ChainHit> = Hit & { plugins: Record<string, RankedHit['explain']> };

export interface ChainedHits<Hit extends ChainHit> extends ChainReport {
  hits: ChainedHit<Hit>[];
}

/** Hits that rankers may reorder. The same for every page of a query, so that pages stay slices of one order. */
export const rankedHitsMax = 100;

/**
 * Runs the whole list of a search, best first, through the collection's rankers: they see the first hundred hits, the
 * others follow in their old order. One that fails is skipped, and the order before it stays.
 */
export async function rankHits<Hit extends ChainHit>(
  ctx: Ctx,
  search: { query: string; collectionId: string; hits: readonly Hit[]; plugins: SearchPlugins },
): Promise<ChainedHits<Hit>> {
  const chained: ChainedHits<Hit> = {
    hits: search.hits.slice(0, rankedHitsMax).map((hit) => ({ ...hit, plugins: {} })),
    ...{ applied: [], skipped: [] },
  };
  const facts = await findRankerFacts(ctx, { ...search, hits: chained.hits });
  for (const step of search.plugins.rankers) {
    const given = new Map(chained.hits.map((hit) => [hit.itemId, hit]));
    const outcome = await runPlugin(ctx, step, {
      kind: 'ranker',
      call: (plugin, config, call) => {
        const hits = chained.hits.map(({ itemId, score, cosine, lexical }): RankerHit => {
          return { itemId, score, cosine, lexical, ...facts.of(itemId, plugin.needs) };
        });
        return plugin.rank({ query: search.query, hits, now: ctx.deps.clock.now() }, config, call);
      },
      check: (made) => checkHits(made, given),
    });
    if (!outcome.ok) {
      chained.skipped.push({ pluginId: step.id, reason: outcome.reason });
      continue;
    }
    chained.applied.push({ pluginId: step.id, reasons: [] });
    chained.hits = outcome.value.flatMap(({ itemId, score, explain }) => {
      const hit = given.get(itemId);
      return hit === undefined ? [] : [{ ...hit, score, plugins: { ...hit.plugins, [step.id]: explain ?? {} } }];
    });
  }
  return { ...chained, hits: [...chained.hits, ...followers(search.hits, chained)] };
}

function checkHits(made: readonly RankedHit[], given: ReadonlyMap<string, unknown>): readonly RankedHit[] {
  const seen = new Set<string>();
  let above = Number.POSITIVE_INFINITY;
  for (const { itemId, score } of made) {
    if (!given.has(itemId) || seen.has(itemId))
      throw new StudioError(
        'VERIFICATION_FAILED',
        `it answered with ${itemId}, which it was not given or gave already`,
      );
    if (!Number.isFinite(score) || score > above)
      throw new StudioError('VERIFICATION_FAILED', `the score of ${itemId} is ${score}, above the one before it`);
    seen.add(itemId);
    above = score;
  }
  return made;
}

/** The rest of the list, with scores that do not rise above those of the hits before it. */
function followers<Hit extends ChainHit>(
  hits: readonly Hit[],
  { hits: ranked, applied }: ChainedHits<Hit>,
): ChainedHit<Hit>[] {
  const highest = applied.length === 0 ? Number.POSITIVE_INFINITY : (ranked.at(-1)?.score ?? Number.POSITIVE_INFINITY);
  return hits.slice(rankedHitsMax).map((hit) => ({ ...hit, score: Math.min(hit.score, highest), plugins: {} }));
}
