import { CompareSearchesInput, compareSearches } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const compareSearchesProcedure = procedure
  .input(CompareSearchesInput)
  .query(({ ctx, input, signal }) => compareSearches({ ctx: { ...ctx, signal }, input }));
