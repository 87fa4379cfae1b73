import { type PluginKind, type SearchPluginStep, type SearchPlugins, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { type ChainReport, processQuery, rankHits } from '../search/plugin-chain.ts';
import { resolveLive } from '../search/resolve-live.ts';
import { searchItems } from '../search/search-items.ts';

export const TryPluginInput = z.object({
  pluginId: z.string().min(1).max(100),
  config: z.record(z.string(), z.unknown()).default({}),
  /** A query for query processors and rankers, else the text of an item. */
  sample: z.string().trim().min(1).max(20_000),
});
export type TryPluginInput = z.input<typeof TryPluginInput>;

export interface TriedHit {
  itemId: string;
  title: string;
  /** From 1; null: the ranker has dropped it. */
  before: number;
  after: number | null;
  explain: Record<string, number | string>;
}

/** What a plugin makes of a sample, next to what it was given. */
export type PluginTrial = { ms: number } & (
  | { shows: 'text'; before: string; after: string[]; notes: string[] }
  | { shows: 'hits'; hits: TriedHit[]; notes: string[] }
);

const hitsMax = 20;
const deadlineMs = 2_000;
const triable: readonly PluginKind[] = ['query-processor', 'ranker', 'text-processor', 'splitter'];

/** Runs one plugin on a sample; nothing is stored. @throws StudioError INPUT_INVALID for a config that it refuses */
export async function tryPlugin({ ctx, input }: { ctx: Ctx; input: TryPluginInput }): Promise<PluginTrial> {
  authorise(ctx, 'collection.read');
  authorise(ctx, 'search.read');
  const { pluginId, config, sample } = parseInput(TryPluginInput, input);
  const kind = ctx.deps.plugins.listPlugins().find(({ id }) => id === pluginId)?.kind ?? null;
  if (kind === null || !triable.includes(kind))
    throw wrong('pluginId', `${pluginId} cannot be tried: that is for query processors, rankers and what cuts texts`);
  const plugin = ctx.deps.plugins.findPlugin(kind, pluginId);
  if (plugin === null) throw wrong('pluginId', `${pluginId} cannot be used now; its state says why`);
  const parsed = plugin.config.safeParse(config);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(['config', ...(issue?.path ?? [])].map(String).join('.'), issue?.message ?? 'is not valid');
  }
  const step = { id: pluginId, config, deadlineMs };
  const startedMs = performance.now();
  const made = await tryOne(ctx, { kind, step, sample, config: parsed.data });
  return { ...made, ms: performance.now() - startedMs };
}

interface Trial {
  kind: PluginKind;
  step: SearchPluginStep;
  sample: string;
  /** As the plugin parsed it. */
  config: unknown;
}

type Made = PluginTrial extends infer One ? (One extends { ms: number } ? Omit<One, 'ms'> : never) : never;

async function tryOne(ctx: Ctx, { kind, step, sample, config }: Trial): Promise<Made> {
  const { plugins } = ctx.deps;
  const chain: SearchPlugins = { queryProcessors: [], rankers: [] };
  if (kind === 'ranker') return tryRanker(ctx, { query: sample, chain: { ...chain, rankers: [step] } });
  if (kind === 'query-processor') {
    const made = await processQuery(ctx, { text: sample, plugins: { ...chain, queryProcessors: [step] } });
    const widened = made.expansions.map(({ text, weight }) => `${text} (weight ${weight.toFixed(2)})`);
    return { shows: 'text', before: sample, after: [made.text, ...widened], notes: notesOf(made) };
  }
  if (kind === 'splitter') {
    const after = plugins.findPlugin('splitter', step.id)?.split(sample, config) ?? [];
    return { shows: 'text', before: sample, after: after.slice(0, 200), notes: [`${after.length} parts`] };
  }
  const after = plugins.findPlugin('text-processor', step.id)?.process(sample, config) ?? sample;
  return { shows: 'text', before: sample, after: [after.slice(0, 40_000)], notes: [] };
}

async function tryRanker(ctx: Ctx, { query, chain }: { query: string; chain: SearchPlugins }): Promise<Made> {
  const { collection } = await resolveLive(ctx);
  const found = await searchItems({ ctx, input: { query, limit: hitsMax, explain: true } });
  const hits = found.hits.map(({ itemId, score, title, explain }) => {
    return { itemId, score, title, cosine: explain?.cosine ?? null, lexical: explain?.lexical ?? 0 };
  });
  const ranked = await rankHits(ctx, { query, collectionId: collection.id, hits, plugins: chain });
  const places = new Map(ranked.hits.map((hit, at) => [hit.itemId, { after: at + 1, hit }]));
  const [step] = chain.rankers;
  return {
    shows: 'hits',
    hits: hits.map(({ itemId, title }, at) => {
      const place = places.get(itemId);
      const explain = place?.hit.plugins[step?.id ?? ''] ?? {};
      return { itemId, title, before: at + 1, after: place?.after ?? null, explain };
    }),
    notes: notesOf(ranked),
  };
}

function notesOf({ applied, skipped }: ChainReport): string[] {
  return [...applied.flatMap(({ reasons }) => reasons), ...skipped.map(({ reason }) => `Skipped: ${reason}`)];
}

function wrong(field: string, message: string): StudioError {
  return new StudioError('INPUT_INVALID', `${field}: ${message}`, { field });
}
