import { UpdateSearchPluginsInput, updateSearchPlugins } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const updateSearchPluginsProcedure = procedure
  .input(UpdateSearchPluginsInput)
  .mutation(({ ctx, input }) => updateSearchPlugins({ ctx, input }));
