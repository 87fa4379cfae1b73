import { ListGateQueriesInput, listGateQueries } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listGateQueriesProcedure = procedure
  .input(ListGateQueriesInput)
  .query(({ ctx, input }) => listGateQueries({ ctx, input }));
