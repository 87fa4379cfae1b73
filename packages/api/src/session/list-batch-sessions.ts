import { ListBatchSessionsInput, listBatchSessions } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listBatchSessionsProcedure = procedure
  .input(ListBatchSessionsInput)
  .query(({ ctx, input }) => listBatchSessions({ ctx, input }));
