import { router } from '../trpc.ts';
import { countExclusionsProcedure } from './count-exclusions.ts';
import { countFacetsProcedure } from './count-facets.ts';
import { exportSessionsProcedure } from './export-sessions.ts';
import { getPropensityCurveProcedure } from './get-propensity-curve.ts';
import { getSessionProcedure } from './get-session.ts';
import { getSessionTimelineProcedure } from './get-session-timeline.ts';
import { importSessionsProcedure } from './import-sessions.ts';
import { ingestEventsProcedure } from './ingest-events.ts';
import { ingestUbiProcedure } from './ingest-ubi.ts';
import { listBatchSessionsProcedure } from './list-batch-sessions.ts';
import { listBatchesProcedure } from './list-batches.ts';
import { listSessionsProcedure } from './list-sessions.ts';
import { markIrrelevantProcedure } from './mark-irrelevant.ts';
import { pushEventsProcedure } from './push-events.ts';
import { registerSessionProcedure } from './register-session.ts';
import { releaseBatchProcedure } from './release-batch.ts';
import { unmarkIrrelevantProcedure } from './unmark-irrelevant.ts';
import { watchSessionsProcedure } from './watch-sessions.ts';

export const sessionRouter = router({
  registerSession: registerSessionProcedure,
  importSessions: importSessionsProcedure,
  getSession: getSessionProcedure,
  pushEvents: pushEventsProcedure,
  ingestEvents: ingestEventsProcedure,
  ingestUbi: ingestUbiProcedure,
  countExclusions: countExclusionsProcedure,
  markIrrelevant: markIrrelevantProcedure,
  releaseBatch: releaseBatchProcedure,
  listBatches: listBatchesProcedure,
  listBatchSessions: listBatchSessionsProcedure,
  listSessions: listSessionsProcedure,
  countFacets: countFacetsProcedure,
  getSessionTimeline: getSessionTimelineProcedure,
  exportSessions: exportSessionsProcedure,
  unmarkIrrelevant: unmarkIrrelevantProcedure,
  watchSessions: watchSessionsProcedure,
  getPropensityCurve: getPropensityCurveProcedure,
});
