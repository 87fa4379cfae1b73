import { JobIdInput, stopFineTuning } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const stopFineTuningProcedure = procedure
  .input(JobIdInput)
  .mutation(({ ctx, input }) => stopFineTuning({ ctx, input }));
