import { RemoveEverywhereInput, removeEverywhere } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const removeEverywhereProcedure = procedure
  .input(RemoveEverywhereInput)
  .mutation(({ ctx, input }) => removeEverywhere({ ctx, input }));
