import { getMetrics, PeriodInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getMetricsProcedure = procedure.input(PeriodInput).query(({ ctx, input }) => getMetrics({ ctx, input }));
