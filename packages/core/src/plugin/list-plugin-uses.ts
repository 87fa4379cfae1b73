import type { PluginKind } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';

/** Where a plugin is at work. */
export interface PluginUse {
  pluginId: string;
  kind: PluginKind;
  in: 'collection' | 'source';
  /** Of the collection or the data source. */
  id: string;
  name: string;
}

const readMax = 1_000;

/** Every place that names a plugin: chains of the collections that may serve, and data sources. */
export async function listPluginUses({ ctx }: { ctx: Ctx }): Promise<PluginUse[]> {
  authorise(ctx, 'collection.read');
  const [ofCollections, ofSources] = await Promise.all([usesOfCollections(ctx), usesOfSources(ctx)]);
  return [...ofCollections, ...ofSources];
}

async function usesOfCollections(ctx: Ctx): Promise<PluginUse[]> {
  const targets = await ctx.deps.collections.listWriteTargets();
  const uses = targets.map(async ({ id, modelId, searchPlugins }) => {
    const { name } = await ctx.deps.models.getModel(modelId);
    const { queryProcessors, rankers, vectorAdjuster } = searchPlugins;
    const use = (kind: PluginKind) => (step: { id: string }) => ({
      ...{ pluginId: step.id, kind, in: 'collection' as const, id, name },
    });
    return [
      ...queryProcessors.map(use('query-processor')),
      ...rankers.map(use('ranker')),
      ...(vectorAdjuster === undefined ? [] : [use('vector-adjuster')(vectorAdjuster)]),
    ];
  });
  return (await Promise.all(uses)).flat();
}

async function usesOfSources(ctx: Ctx): Promise<PluginUse[]> {
  const sources = await ctx.deps.dataSources.listDataSources({ after: null, limit: readMax });
  return sources.flatMap(({ id, name, loader, processing }) => {
    const use = (pluginId: string, kind: PluginKind) => ({ pluginId, kind, in: 'source' as const, id, name });
    const { textProcessors, splitter } = processing;
    return [
      use(loader, 'loader'),
      ...textProcessors.map((step) => use(step.id, 'text-processor')),
      ...(splitter === null ? [] : [use(splitter.id, 'splitter')]),
    ];
  });
}
