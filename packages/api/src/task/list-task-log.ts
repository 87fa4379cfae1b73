import { ListTaskLogInput, listTaskLog } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listTaskLogProcedure = procedure
  .input(ListTaskLogInput)
  .query(({ ctx, input }) => listTaskLog({ ctx, input }));
