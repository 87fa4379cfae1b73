import { router } from '../trpc.ts';
import { getLoopHealthProcedure } from './get-loop-health.ts';
import { getMetricsProcedure } from './get-metrics.ts';
import { listTopQueriesProcedure } from './list-top-queries.ts';
import { requestAnalyticsRebuildProcedure } from './request-analytics-rebuild.ts';

export const analyticsRouter = router({
  getMetrics: getMetricsProcedure,
  listTopQueries: listTopQueriesProcedure,
  getLoopHealth: getLoopHealthProcedure,
  requestAnalyticsRebuild: requestAnalyticsRebuildProcedure,
});
