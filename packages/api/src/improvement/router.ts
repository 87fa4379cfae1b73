import { router } from '../trpc.ts';
import { eraseUserProcedure } from './erase-user.ts';
import { getImprovementProcedure } from './get-improvement.ts';
import { requestFoldProcedure } from './request-fold.ts';
import { requestImprovementProcedure } from './request-improvement.ts';
import { rollBackImprovementProcedure } from './roll-back-improvement.ts';
import { updateImprovementProcedure } from './update-improvement.ts';
import { useSessionProcedure } from './use-session.ts';

export const improvementRouter = router({
  useSession: useSessionProcedure,
  getImprovement: getImprovementProcedure,
  updateImprovement: updateImprovementProcedure,
  requestImprovement: requestImprovementProcedure,
  requestFold: requestFoldProcedure,
  rollBackImprovement: rollBackImprovementProcedure,
  eraseUser: eraseUserProcedure,
});
