import { getFineTuning, JobIdInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getFineTuningProcedure = procedure
  .input(JobIdInput)
  .query(({ ctx, input }) => getFineTuning({ ctx, input }));
