import { ListPluginsInput, listPlugins } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listPluginsProcedure = procedure
  .input(ListPluginsInput)
  .query(({ ctx, input }) => listPlugins({ ctx, input }));
