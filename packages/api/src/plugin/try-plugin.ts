import { TryPluginInput, tryPlugin } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const tryPluginProcedure = procedure
  .input(TryPluginInput)
  .mutation(({ ctx, input }) => tryPlugin({ ctx, input }));
