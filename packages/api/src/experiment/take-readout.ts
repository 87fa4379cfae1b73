import { ExperimentIdSchema, takeReadout } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const takeReadoutProcedure = procedure
  .input(ExperimentIdSchema)
  .mutation(({ ctx, input }) => takeReadout({ ctx, input }));
