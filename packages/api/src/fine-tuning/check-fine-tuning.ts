import { CheckFineTuningInput, checkFineTuning } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const checkFineTuningProcedure = procedure
  .input(CheckFineTuningInput)
  .query(({ ctx, input }) => checkFineTuning({ ctx, input }));
