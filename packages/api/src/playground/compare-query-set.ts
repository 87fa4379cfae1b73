import { CompareQuerySetInput, compareQuerySet } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const compareQuerySetProcedure = procedure
  .input(CompareQuerySetInput)
  .subscription(({ ctx, input, signal }) => compareQuerySet({ ctx: { ...ctx, signal }, input }));
