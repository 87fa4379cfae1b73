import { EstimateDurationInput, estimateDuration } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const estimateDurationProcedure = procedure
  .input(EstimateDurationInput)
  .query(({ ctx, input }) => estimateDuration({ ctx, input }));
