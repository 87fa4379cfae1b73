import { type CoreDeps, type Ctx, searchItems } from '@embedding-studio/core';

/** All that a user or an operator can tell apart after a loop; ids made at random are left out. */
export async function describeOutcome(deps: CoreDeps, options: { queries: readonly string[] }) {
  const ctx: Ctx = { actor: { kind: 'system', job: 'describe' }, requestId: 'describe', deps };
  const live = await deps.collections.findLive();
  const collections = await deps.collections.listCollections({ after: null, limit: 100 });
  const rollouts = await deps.rollouts.listRollouts({ offset: 0, limit: 100 });
  const tasks = await deps.tasks.listTasks({ offset: 0, limit: 1_000 });
  const counts = await Promise.all(
    collections.map(async ({ id, modelId, status, ranking }) => ({
      ...{ modelId, status, isLive: id === live?.collectionId, ranking },
      ...(await deps.collections.countVectors(id)),
    })),
  );
  const results = [];
  for (const query of options.queries) {
    const { hits, degraded } = await searchItems({ ctx, input: { query, limit: 10 } });
    results.push({ query, degraded, ids: hits.map(({ itemId }) => itemId) });
  }
  return {
    live: { version: live?.version, hasPrevious: live?.previousCollectionId !== null },
    collections: counts.sort((left, right) => (left.modelId < right.modelId ? -1 : 1)),
    rollouts: rollouts.map(({ id, state, modelId, transitions }) => ({
      ...{ id, state, modelId },
      path: transitions.map(({ from, to }) => `${from} → ${to}`),
    })),
    models: (await deps.models.listModels({ after: null, limit: 100 })).map(({ id, status }) => ({ id, status })),
    tasks: tasks.map(({ kind, status }) => `${kind} ${status}`).sort(),
    items: await deps.items.countItems(),
    results,
  };
}
