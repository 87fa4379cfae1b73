import { router } from '../trpc.ts';
import { getLoopHealthProcedure } from './get-loop-health.ts';
import { getMetricSeriesProcedure } from './get-metric-series.ts';
import { getMetricsProcedure } from './get-metrics.ts';
import { listQueriesProcedure } from './list-queries.ts';
import { listTopQueriesProcedure } from './list-top-queries.ts';
import { requestAnalyticsRebuildProcedure } from './request-analytics-rebuild.ts';

export const analyticsRouter = router({
  getMetrics: getMetricsProcedure,
  getMetricSeries: getMetricSeriesProcedure,
  listQueries: listQueriesProcedure,
  listTopQueries: listTopQueriesProcedure,
  getLoopHealth: getLoopHealthProcedure,
  requestAnalyticsRebuild: requestAnalyticsRebuildProcedure,
});
