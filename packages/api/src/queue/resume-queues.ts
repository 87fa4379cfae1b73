import { ResumeQueuesInput, resumeQueues } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const resumeQueuesProcedure = procedure
  .input(ResumeQueuesInput)
  .mutation(({ ctx, input }) => resumeQueues({ ctx, input }));
