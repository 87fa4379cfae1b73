import { toStudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { deployModel } from '../rollout/run-deployment.ts';

const everyMs = 30_000;

/**
 * A model server that was restarted has forgotten what it had loaded: loads what serves, stands by or takes writes
 * before the first search has to wait for it. Returns the models that were loaded.
 */
export async function restoreModels({ ctx }: { ctx: Ctx }): Promise<string[]> {
  const served = await ctx.deps.modelServer.listServedModels();
  const stateOf = new Map(served.map(({ name, state }) => [name, state]));
  const restored: string[] = [];
  for (const modelId of await listNeeded(ctx)) {
    if (stateOf.get(modelId) === 'READY') continue;
    try {
      if (stateOf.has(modelId)) await ctx.deps.modelServer.loadModel(modelId);
      else await deployModel(ctx, modelId);
      restored.push(modelId);
    } catch (error) {
      ctx.deps.log.warn({ modelId, reason: toStudioError(error).message }, 'model is needed and could not be loaded');
    }
  }
  if (restored.length > 0) ctx.deps.log.info({ models: restored }, 'models loaded again');
  return restored;
}

async function listNeeded(ctx: Ctx): Promise<Set<string>> {
  const { collections } = ctx.deps;
  const [pointer, targets] = await Promise.all([collections.findLive(), collections.listWriteTargets()]);
  const needed = new Set(targets.map(({ modelId }) => modelId));
  for (const id of [pointer?.collectionId, pointer?.previousCollectionId]) {
    if (id === undefined || id === null) continue;
    const { status, modelId } = await collections.getCollection(id);
    if (status !== 'retired') needed.add(modelId);
  }
  return needed;
}

/** Looks every half minute, one look at a time; nobody waits for it. */
export function createModelKeeper(ctx: Ctx): () => void {
  let last = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | null = null;
  return () => {
    const now = ctx.deps.clock.now().getTime();
    if (looking !== null || now - last < everyMs) return;
    last = now;
    looking = restoreModels({ ctx })
      .then(
        () => undefined,
        (error: unknown) => ctx.deps.log.debug({ reason: toStudioError(error).message }, 'model server not asked'),
      )
      .finally(() => {
        looking = null;
      });
  };
}
