import { router } from '../trpc.ts';
import { compareRunsProcedure } from './compare-runs.ts';
import { getCurvesProcedure } from './get-curves.ts';
import { getRunProcedure } from './get-run.ts';
import { listExperimentsProcedure } from './list-experiments.ts';
import { listRunColumnsProcedure } from './list-run-columns.ts';
import { listRunsProcedure } from './list-runs.ts';
import { pinBaselineProcedure } from './pin-baseline.ts';
import { updateRunProcedure } from './update-run.ts';

/** What training tracked: experiments, runs and their curves. */
export const runRouter = router({
  listExperiments: listExperimentsProcedure,
  listRuns: listRunsProcedure,
  listRunColumns: listRunColumnsProcedure,
  getRun: getRunProcedure,
  compareRuns: compareRunsProcedure,
  getCurves: getCurvesProcedure,
  updateRun: updateRunProcedure,
  pinBaseline: pinBaselineProcedure,
});
