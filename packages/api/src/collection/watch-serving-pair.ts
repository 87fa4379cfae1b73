import { watchServingPair } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const watchServingPairProcedure = procedure.subscription(({ ctx, signal }) =>
  watchServingPair({ ctx: { ...ctx, signal } }),
);
