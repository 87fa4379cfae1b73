import { RolloutIdInput, watchRollout } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const watchRolloutProcedure = procedure
  .input(RolloutIdInput)
  .subscription(({ ctx, input, signal }) => watchRollout({ ctx: { ...ctx, signal }, input }));
