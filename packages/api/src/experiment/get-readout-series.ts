import { ExperimentIdSchema, getReadoutSeries } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getReadoutSeriesProcedure = procedure
  .input(ExperimentIdSchema)
  .query(({ ctx, input }) => getReadoutSeries({ ctx, input }));
