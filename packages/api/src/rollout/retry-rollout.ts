import { RolloutIdInput, retryRollout } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const retryRolloutProcedure = procedure
  .input(RolloutIdInput)
  .mutation(({ ctx, input }) => retryRollout({ ctx, input }));
