import { CountItemsInput, countItems } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const countItemsProcedure = procedure
  .input(CountItemsInput)
  .query(({ ctx, input }) => countItems({ ctx, input }));
