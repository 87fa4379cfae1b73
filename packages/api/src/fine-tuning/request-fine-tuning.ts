import { RequestFineTuningInput, requestFineTuning } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const requestFineTuningProcedure = procedure
  .input(RequestFineTuningInput)
  .mutation(({ ctx, input }) => requestFineTuning({ ctx, input }));
