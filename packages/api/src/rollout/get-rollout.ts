import { getRollout, RolloutIdInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getRolloutProcedure = procedure
  .input(RolloutIdInput)
  .query(({ ctx, input }) => getRollout({ ctx, input }));
