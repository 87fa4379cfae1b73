import { ListReadoutsInput, listReadouts } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listReadoutsProcedure = procedure
  .input(ListReadoutsInput)
  .query(({ ctx, input }) => listReadouts({ ctx, input }));
