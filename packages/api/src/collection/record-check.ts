import { RecordCheckInput, recordCheck } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const recordCheckProcedure = procedure
  .input(RecordCheckInput)
  .mutation(({ ctx, input }) => recordCheck({ ctx, input }));
