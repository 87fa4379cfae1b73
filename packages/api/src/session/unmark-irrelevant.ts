import { SessionIdInput, unmarkIrrelevant } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const unmarkIrrelevantProcedure = procedure
  .input(SessionIdInput)
  .mutation(({ ctx, input }) => unmarkIrrelevant({ ctx, input }));
