import { GetMetricSeriesInput, getMetricSeries } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getMetricSeriesProcedure = procedure
  .input(GetMetricSeriesInput)
  .query(({ ctx, input }) => getMetricSeries({ ctx, input }));
