import { router } from '../trpc.ts';
import { countExclusionsProcedure } from './count-exclusions.ts';
import { getSessionProcedure } from './get-session.ts';
import { importSessionsProcedure } from './import-sessions.ts';
import { ingestEventsProcedure } from './ingest-events.ts';
import { ingestUbiProcedure } from './ingest-ubi.ts';
import { listBatchSessionsProcedure } from './list-batch-sessions.ts';
import { listBatchesProcedure } from './list-batches.ts';
import { markIrrelevantProcedure } from './mark-irrelevant.ts';
import { pushEventsProcedure } from './push-events.ts';
import { registerSessionProcedure } from './register-session.ts';
import { releaseBatchProcedure } from './release-batch.ts';

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
});
