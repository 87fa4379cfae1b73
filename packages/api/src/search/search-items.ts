import { SearchItemsInput, searchItems } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const searchItemsProcedure = procedure
  .input(SearchItemsInput)
  .query(({ ctx, input }) => searchItems({ ctx, input }));
