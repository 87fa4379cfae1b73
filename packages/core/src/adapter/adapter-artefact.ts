import type { LinearAdapter } from '@embedding-studio/contracts';
import { decodeAdapter, encodeAdapter } from '@embedding-studio/ml/adapters';
import type { Ctx } from '../context.ts';

const keyOf = (artefactKey: string): string => `${artefactKey}adapter.bin`;

export async function storeAdapter(ctx: Ctx, artefactKey: string, adapter: LinearAdapter): Promise<void> {
  await ctx.deps.objects.putObject(keyOf(artefactKey), encodeAdapter(adapter));
}

export async function loadAdapter(ctx: Ctx, modelId: string): Promise<LinearAdapter> {
  const { artefactKey } = await ctx.deps.models.getModel(modelId);
  return decodeAdapter(await ctx.deps.objects.getObject(keyOf(artefactKey)));
}

type Known = Map<string, Promise<LinearAdapter>>;

/** What a process has read, by store: artefacts never change, so that it stays right. */
const recalled = new WeakMap<object, Known>();
const recalledMax = 64;

export function recallAdapter(ctx: Ctx, modelId: string): Promise<LinearAdapter> {
  const known: Known = recalled.get(ctx.deps.objects) ?? new Map();
  recalled.set(ctx.deps.objects, known);
  const found = known.get(modelId);
  if (found !== undefined) return found;
  const loading = loadAdapter(ctx, modelId);
  known.set(modelId, loading);
  loading.catch(() => known.delete(modelId));
  const [oldest] = known.keys();
  if (known.size > recalledMax && oldest !== undefined) known.delete(oldest);
  return loading;
}
