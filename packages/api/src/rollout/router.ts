import { router } from '../trpc.ts';
import { cancelRolloutProcedure } from './cancel-rollout.ts';
import { describeRolloutProcedure } from './describe-rollout.ts';
import { findRolloutsProcedure } from './find-rollouts.ts';
import { getReindexProcedure } from './get-reindex.ts';
import { getRolloutProcedure } from './get-rollout.ts';
import { listReindexesProcedure } from './list-reindexes.ts';
import { listRolloutsProcedure } from './list-rollouts.ts';
import { promoteRolloutProcedure } from './promote-rollout.ts';
import { requestInitialIndexProcedure } from './request-initial-index.ts';
import { requestReindexProcedure } from './request-reindex.ts';
import { retryRolloutProcedure } from './retry-rollout.ts';
import { rollBackProcedure } from './roll-back.ts';
import { watchRolloutProcedure } from './watch-rollout.ts';

export const rolloutRouter = router({
  getRollout: getRolloutProcedure,
  listRollouts: listRolloutsProcedure,
  retryRollout: retryRolloutProcedure,
  rollBack: rollBackProcedure,
  requestInitialIndex: requestInitialIndexProcedure,
  requestReindex: requestReindexProcedure,
  getReindex: getReindexProcedure,
  listReindexes: listReindexesProcedure,
  cancelRollout: cancelRolloutProcedure,
  findRollouts: findRolloutsProcedure,
  describeRollout: describeRolloutProcedure,
  watchRollout: watchRolloutProcedure,
  promoteRollout: promoteRolloutProcedure,
});
