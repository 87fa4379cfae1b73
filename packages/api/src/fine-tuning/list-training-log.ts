import { ListTrainingLogInput, listTrainingLog } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listTrainingLogProcedure = procedure
  .input(ListTrainingLogInput)
  .query(({ ctx, input }) => listTrainingLog({ ctx, input }));
