import { watchQueues } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const watchQueuesProcedure = procedure.subscription(({ ctx, signal }) =>
  watchQueues({ ctx: { ...ctx, signal } }),
);
