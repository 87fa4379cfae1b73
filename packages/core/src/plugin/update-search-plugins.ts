import {
  type Collection,
  type PluginKind,
  type SearchPluginStep,
  SearchPlugins,
  StudioError,
} from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { hideSecrets, openConfig, sealSecrets } from './config-secrets.ts';
import { type CollectionPlugins, getSearchPlugins } from './get-search-plugins.ts';

export const UpdateSearchPluginsInput = SearchPlugins.extend({
  collectionId: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('Without it every collection that may serve gets the plugins, so that a switch keeps them.'),
});
export type UpdateSearchPluginsInput = z.input<typeof UpdateSearchPluginsInput>;

/** Says which plugins take part in searches, in which order and with which config. Replaces what was set before. */
export async function updateSearchPlugins({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: UpdateSearchPluginsInput;
}): Promise<CollectionPlugins> {
  const { collectionId, ...chain } = parseInput(UpdateSearchPluginsInput, input);
  authorise(ctx, 'rollout.write', collectionId);
  const targets = await findTargets(ctx, collectionId);
  const changes = targets.map(({ id, searchPlugins: stored }) => ({
    id,
    searchPlugins: sealSecrets(ctx, chain, stored),
  }));
  for (const { searchPlugins } of changes) {
    checkSteps(ctx, searchPlugins.queryProcessors, { kind: 'query-processor', field: 'queryProcessors' });
    checkSteps(ctx, searchPlugins.rankers, { kind: 'ranker', field: 'rankers' });
    const { vectorAdjuster } = searchPlugins;
    if (vectorAdjuster !== undefined)
      checkStep(ctx, vectorAdjuster, { kind: 'vector-adjuster', field: 'vectorAdjuster' });
  }
  for (const { id, searchPlugins } of changes) {
    await ctx.deps.collections.updateCollection(id, { searchPlugins });
    const detail = { ...hideSecrets(searchPlugins) };
    await recordAudit(ctx, { action: 'collection.updateSearchPlugins', subject: id, detail });
  }
  return getSearchPlugins({ ctx, input: { collectionId } });
}

async function findTargets(ctx: Ctx, collectionId: string | undefined): Promise<Collection[]> {
  if (collectionId !== undefined) return [await ctx.deps.collections.getCollection(collectionId)];
  return ctx.deps.collections.listWriteTargets();
}

interface Place {
  kind: PluginKind;
  field: string;
}

function checkSteps(ctx: Ctx, steps: readonly SearchPluginStep[], { kind, field }: Place): void {
  steps.forEach((step, at) => {
    const place = { kind, field: `${field}.${at}` };
    checkStep(ctx, step, place);
    if (steps.findIndex((other) => other.id === step.id) < at)
      throw wrongId(place, `${step.id} is in the chain already`);
  });
}

/** A step that could only be skipped is refused here, where somebody reads the reason. */
function checkStep(ctx: Ctx, step: SearchPluginStep, place: Place): void {
  const known = ctx.deps.plugins.listPlugins().find(({ id }) => id === step.id);
  if (known === undefined) throw wrongId(place, `no plugin ${step.id}`);
  if (known.status === 'failed') throw wrongId(place, `the plugin ${step.id} cannot be used: ${known.error}`);
  if (known.kind !== place.kind) throw wrongId(place, `${step.id} is a ${known.kind}, not a ${place.kind}`);
  const config = ctx.deps.plugins.findPlugin(place.kind, step.id)?.config.safeParse(openConfig(ctx, step));
  if (config === undefined || config.success) return;
  const [issue] = config.error.issues;
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [place.field, 'config', ...(issue?.path ?? []), ...unknownKey].map(String).join('.');
  throw new StudioError('INPUT_INVALID', `${path}: ${issue?.message ?? 'is not valid'}`, { field: path });
}

function wrongId({ field }: Place, reason: string): StudioError {
  return new StudioError('INPUT_INVALID', `${field}.id: ${reason}`, { field: `${field}.id` });
}
