import { ListFineTuningsInput, listFineTunings } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listFineTuningsProcedure = procedure
  .input(ListFineTuningsInput)
  .query(({ ctx, input }) => listFineTunings({ ctx, input }));
