import { PauseQueuesInput, pauseQueues } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const pauseQueuesProcedure = procedure
  .input(PauseQueuesInput)
  .mutation(({ ctx, input }) => pauseQueues({ ctx, input }));
