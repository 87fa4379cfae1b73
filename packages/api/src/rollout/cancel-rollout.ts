import { cancelRollout, RolloutIdInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const cancelRolloutProcedure = procedure
  .input(RolloutIdInput)
  .mutation(({ ctx, input }) => cancelRollout({ ctx, input }));
