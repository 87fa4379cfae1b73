import { ListJudgedQueriesInput, listJudgedQueries } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listJudgedQueriesProcedure = procedure
  .input(ListJudgedQueriesInput)
  .query(({ ctx, input }) => listJudgedQueries({ ctx, input }));
