import { JobIdInput, resumeFineTuning } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const resumeFineTuningProcedure = procedure
  .input(JobIdInput)
  .mutation(({ ctx, input }) => resumeFineTuning({ ctx, input }));
