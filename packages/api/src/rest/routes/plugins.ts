import type { SearchPluginStep } from '@embedding-studio/contracts';
import type { CollectionPlugins } from '@embedding-studio/core';
import { z } from 'zod';
import { defineRoute } from '../route.ts';
import { PluginsAnswer, PluginsQuery, SearchPluginsAnswer, SearchPluginsBody } from '../schemas/plugins.ts';

const list = defineRoute(
  {
    method: 'GET',
    path: '/plugins/list',
    operationId: 'listPlugins',
    summary: 'All plugins with the schema of their config; those that cannot be used say why.',
    scope: 'search',
  },
  {
    input: PluginsQuery,
    output: PluginsAnswer,
    run: async (caller, query) => {
      const plugins = await caller.plugin.listPlugins(query);
      return {
        plugins: plugins.map(({ configSchema, needs, ...rest }) => {
          return { ...rest, needs: [...needs], config_schema: configSchema };
        }),
      };
    },
  },
);

const getChain = defineRoute(
  {
    method: 'GET',
    path: '/plugins/search',
    operationId: 'getSearchPlugins',
    summary: 'The plugins that take part in searches, in order. Secrets in their config are hidden.',
    scope: 'search',
  },
  {
    input: z.strictObject({}),
    output: SearchPluginsAnswer,
    run: async (caller) => toAnswer(await caller.plugin.getSearchPlugins({})),
  },
);

const updateChain = defineRoute(
  {
    method: 'POST',
    path: '/plugins/search',
    operationId: 'updateSearchPlugins',
    summary: 'Says which plugins take part in searches; replaces what was set. An empty body takes all of them out.',
    scope: 'admin',
  },
  {
    input: SearchPluginsBody,
    output: SearchPluginsAnswer,
    run: async (caller, body) => {
      const toStep = ({ deadline_ms: deadlineMs, ...step }: RestStep) => ({ ...step, deadlineMs });
      const chain = {
        queryProcessors: body.query_processors.map(toStep),
        rankers: body.rankers.map(toStep),
        vectorAdjuster: body.vector_adjuster && toStep(body.vector_adjuster),
      };
      return toAnswer(await caller.plugin.updateSearchPlugins(chain));
    },
  },
);

type RestStep = z.output<typeof SearchPluginsBody>['rankers'][number];

function toAnswer(chain: CollectionPlugins): z.input<typeof SearchPluginsAnswer> {
  const toStep = ({ deadlineMs, ...step }: SearchPluginStep) => ({ ...step, deadline_ms: deadlineMs });
  return {
    collection_id: chain.collectionId,
    query_processors: chain.queryProcessors.map(toStep),
    rankers: chain.rankers.map(toStep),
    ...(chain.vectorAdjuster && { vector_adjuster: toStep(chain.vectorAdjuster) }),
  };
}

export const pluginRoutes = [list, getChain, updateChain];
