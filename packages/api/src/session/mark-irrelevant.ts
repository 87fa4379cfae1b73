import { markIrrelevant, SessionIdInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const markIrrelevantProcedure = procedure
  .input(SessionIdInput)
  .mutation(({ ctx, input }) => markIrrelevant({ ctx, input }));
