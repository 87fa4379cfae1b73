import { ListTopQueriesInput, listTopQueries } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listTopQueriesProcedure = procedure
  .input(ListTopQueriesInput)
  .query(({ ctx, input }) => listTopQueries({ ctx, input }));
