import { ExperimentIdSchema, getReadout } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getReadoutProcedure = procedure
  .input(ExperimentIdSchema)
  .query(({ ctx, input }) => getReadout({ ctx, input }));
