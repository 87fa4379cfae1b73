import { PromoteRolloutInput, promoteRollout } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const promoteRolloutProcedure = procedure
  .input(PromoteRolloutInput)
  .mutation(({ ctx, input }) => promoteRollout({ ctx, input }));
