import { ListBatchesInput, listBatches } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listBatchesProcedure = procedure
  .input(ListBatchesInput)
  .query(({ ctx, input }) => listBatches({ ctx, input }));
