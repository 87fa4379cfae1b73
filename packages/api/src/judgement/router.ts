import { router } from '../trpc.ts';
import { exportJudgementsProcedure } from './export-judgements.ts';
import { getGoldenRunsProcedure, requestGoldenRunProcedure, updateGoldenPolicyProcedure } from './golden-runs.ts';
import { importJudgementsProcedure } from './import-judgements.ts';
import { judgeItemProcedure } from './judge-item.ts';
import { listJudgedQueriesProcedure } from './list-judged-queries.ts';
import { listJudgementsProcedure } from './list-judgements.ts';

export const judgementRouter = router({
  judgeItem: judgeItemProcedure,
  listJudgements: listJudgementsProcedure,
  listJudgedQueries: listJudgedQueriesProcedure,
  exportJudgements: exportJudgementsProcedure,
  importJudgements: importJudgementsProcedure,
  getGoldenRuns: getGoldenRunsProcedure,
  requestGoldenRun: requestGoldenRunProcedure,
  updateGoldenPolicy: updateGoldenPolicyProcedure,
});
