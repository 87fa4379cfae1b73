import type { Collection, QueryDrift } from '@embedding-studio/contracts';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import { estimateSeparation } from '@embedding-studio/stats';
import { adaptQueries } from '../adapter/adapt-queries.ts';
import type { Ctx } from '../context.ts';
import { embedQueries } from '../rollout/gate/embed-queries.ts';

const recentMs = 7 * 24 * 3_600_000;
const pool = 1_000;
const sample = 100;
const sampleMin = 50;
const seed = 29;
const anybody = { traitsKeys: null, expected: null, userId: null, queryPrefix: null, items: null, after: null };

/**
 * Whether people ask for other things than before the collection was made, when its model learned. Queries of then are
 * split in two: were those of the last seven days drawn like them, they would be as near to the one half as the other
 * half is. null where either time has too few queries.
 */
export async function measureQueryDrift(ctx: Ctx, collection: Collection): Promise<QueryDrift | null> {
  const now = ctx.deps.clock.now().getTime();
  const made = collection.createdAt;
  const since = new Date(Math.max(made.getTime(), now - recentMs));
  const before = await sampleQueries(ctx, { from: null, to: made });
  const recent = (await sampleQueries(ctx, { from: since, to: null })).slice(0, sample);
  const known = before.slice(0, Math.min(sample, Math.floor(before.length / 2)));
  const control = before.slice(known.length, 2 * known.length);
  if (control.length < sampleMin || recent.length < sampleMin) return null;
  const vectorOf = await embedTexts(ctx, { collection, texts: [...known, ...control, ...recent] });
  const nearness = (text: string) => Math.max(...known.map((other) => dot(vectorOf(text), vectorOf(other))));
  const found = estimateSeparation(control.map(nearness), recent.map(nearness));
  if (found.kind !== 'estimated') return null;
  const { area, lower, upper } = found;
  return { area, lower, upper, before: 2 * known.length, recent: recent.length };
}

/** As often as they were asked; the newest of the time, in random order. */
async function sampleQueries(ctx: Ctx, range: { from: Date | null; to: Date | null }): Promise<string[]> {
  const facts = await ctx.deps.analytics.listFacts({ ...anybody, ...range, limit: pool });
  const texts = facts.flatMap(({ text }) => (text.trim() === '' ? [] : [text]));
  return shuffle(texts, createRandom(seed));
}

async function embedTexts(
  ctx: Ctx,
  { collection, texts }: { collection: Collection; texts: readonly string[] },
): Promise<(text: string) => Float32Array> {
  const distinct = [...new Set(texts)];
  const queries = distinct.map((text) => ({ text }));
  const raw = await embedQueries(ctx, { modelId: collection.modelId, queries });
  const vectors = await adaptQueries(ctx, { collection, vectors: raw });
  const places = new Map(distinct.map((text, at) => [text, vectors[at] ?? new Float32Array()]));
  return (text) => places.get(text) ?? new Float32Array();
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}
