import { describeRollout, RolloutIdInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const describeRolloutProcedure = procedure
  .input(RolloutIdInput)
  .query(({ ctx, input }) => describeRollout({ ctx, input }));
