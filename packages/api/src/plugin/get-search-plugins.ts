import { GetSearchPluginsInput, getSearchPlugins } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getSearchPluginsProcedure = procedure
  .input(GetSearchPluginsInput)
  .query(({ ctx, input }) => getSearchPlugins({ ctx, input }));
