import { ListTrainingRowsInput, listTrainingRows } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listTrainingRowsProcedure = procedure
  .input(ListTrainingRowsInput)
  .query(({ ctx, input }) => listTrainingRows({ ctx, input }));
