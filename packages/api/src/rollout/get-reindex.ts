import { getReindex, ReindexIdInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getReindexProcedure = procedure
  .input(ReindexIdInput)
  .query(({ ctx, input }) => getReindex({ ctx, input }));
