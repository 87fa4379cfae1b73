import type { Candidate, Filter, VectorRow } from '@embedding-studio/contracts';
import type { Bench } from '../loop/open-bench.ts';

export interface FilterRow {
  /** Share of the items that meet the filter. */
  selectivity: number;
  plan: string;
  /** Hits of those that there are, of ten. */
  found: number;
  recall10: number;
  /** Median milliseconds of a query, and how many times one without a filter. */
  milliseconds: number;
  timesUnfiltered: number;
}

const shares = [0.5, 0.1, 0.01, 0.001];
const wanted = 10;
const queriesMax = 60;

/** Vector leg with a range over a payload number, against exact distances of all items in memory. */
export async function measureFilters(bench: Bench): Promise<FilterRow[]> {
  const texts = [...new Set(bench.dataset.queries.map(({ text }) => text.trim()))].slice(0, queriesMax);
  const queries = await bench.ctx.deps.encoder.embed({ modelId: bench.modelId, texts, kind: 'query' });
  const ids = bench.items.map(({ id }) => id);
  const vectors: VectorRow[] = [];
  for (let at = 0; at < ids.length; at += 500)
    vectors.push(...(await bench.ctx.deps.collections.getVectors(bench.collectionId, ids.slice(at, at + 500))));
  const placeOf = new Map(bench.items.map(({ id, payload }) => [id, Number(payload.place)]));
  const unfiltered = await ask(bench, { queries, filter: undefined });
  const rows: FilterRow[] = [];
  for (const selectivity of shares) {
    const most = Math.max(1, Math.round(selectivity * ids.length));
    const filter: Filter = { range: { field: 'place', range: { lt: most } } };
    const asked = await ask(bench, { queries, filter });
    const allowed = vectors.filter(({ itemId }) => (placeOf.get(itemId) ?? most) < most);
    const full = Math.min(wanted, most);
    const scores = asked.answers.map((answer, at) => compare(answer, allowed, queries[at] ?? new Float32Array()));
    rows.push({
      selectivity,
      plan: asked.plan,
      found: mean(scores.map(({ found }) => found / full)),
      recall10: mean(scores.map(({ kept }) => kept / full)),
      milliseconds: asked.milliseconds,
      timesUnfiltered: asked.milliseconds / unfiltered.milliseconds,
    });
  }
  return rows;
}

async function ask(bench: Bench, asked: { queries: readonly Float32Array[]; filter: Filter | undefined }) {
  const { collections } = bench.ctx.deps;
  const answers: Candidate[][] = [];
  const times: number[] = [];
  const plans = new Set<string>();
  const live = await collections.findLiveCollection();
  if (live === null) throw new TypeError('nothing is live');
  const { ranking } = live.collection;
  // The first of each kind plans and samples; it is not counted.
  for (const vector of [asked.queries[0] ?? new Float32Array(), ...asked.queries]) {
    const started = performance.now();
    const answer = await collections.searchLive({
      ...{ live, text: '', vector, depth: 100, efSearch: ranking.efSearch, filter: asked.filter },
      ...{ profile: { ...ranking, vectorWeight: 1 }, page: { offset: 0, limit: wanted } },
    });
    times.push(performance.now() - started);
    plans.add(answer?.plan?.kind ?? 'none');
    answers.push([...(answer?.candidates ?? [])].sort((left, right) => (right.cosine ?? 0) - (left.cosine ?? 0)));
  }
  const sorted = times.slice(1).sort((left, right) => left - right);
  const milliseconds = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return { answers: answers.slice(1), milliseconds, plan: [...plans].join(' or ') };
}

function compare(answer: readonly Candidate[], allowed: readonly VectorRow[], query: Float32Array) {
  const best = new Map<string, number>();
  for (const { itemId, vector } of allowed) {
    let cosine = 0;
    for (let column = 0; column < vector.length; column++) cosine += (vector[column] ?? 0) * (query[column] ?? 0);
    best.set(itemId, Math.max(best.get(itemId) ?? -2, cosine));
  }
  const least = [...best.values()].sort((left, right) => right - left)[wanted - 1] ?? -2;
  const hits = answer.slice(0, wanted);
  // Items as near as the tenth are as good as it.
  return { found: hits.length, kept: hits.filter(({ itemId }) => (best.get(itemId) ?? -2) >= least - 1e-6).length };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
