import { router } from '../trpc.ts';
import { checkFineTuningProcedure } from './check-fine-tuning.ts';
import { getFineTuningProcedure } from './get-fine-tuning.ts';
import { getSettingsSearchProcedure } from './get-settings-search.ts';
import { listFineTuningsProcedure } from './list-fine-tunings.ts';
import { listGateQueriesProcedure } from './list-gate-queries.ts';
import { listTrainingLogProcedure } from './list-training-log.ts';
import { listTrainingRowsProcedure } from './list-training-rows.ts';
import { requestFineTuningProcedure } from './request-fine-tuning.ts';
import { resumeFineTuningProcedure } from './resume-fine-tuning.ts';
import { stopFineTuningProcedure } from './stop-fine-tuning.ts';
import { watchFineTuningProcedure } from './watch-fine-tuning.ts';

export const fineTuningRouter = router({
  requestFineTuning: requestFineTuningProcedure,
  checkFineTuning: checkFineTuningProcedure,
  listFineTunings: listFineTuningsProcedure,
  getFineTuning: getFineTuningProcedure,
  stopFineTuning: stopFineTuningProcedure,
  resumeFineTuning: resumeFineTuningProcedure,
  listGateQueries: listGateQueriesProcedure,
  listTrainingLog: listTrainingLogProcedure,
  listTrainingRows: listTrainingRowsProcedure,
  watchFineTuning: watchFineTuningProcedure,
  getSettingsSearch: getSettingsSearchProcedure,
});
