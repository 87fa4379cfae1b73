import { ListQueriesInput, listQueries } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listQueriesProcedure = procedure
  .input(ListQueriesInput)
  .query(({ ctx, input }) => listQueries({ ctx, input }));
