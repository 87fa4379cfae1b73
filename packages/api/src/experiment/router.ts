import { router } from '../trpc.ts';
import { createExperimentProcedure } from './create-experiment.ts';
import { findExperimentsProcedure } from './find-experiments.ts';
import { getExperimentProcedure } from './get-experiment.ts';
import { startExperimentProcedure } from './start-experiment.ts';
import { stopExperimentProcedure } from './stop-experiment.ts';
import { updateExperimentProcedure } from './update-experiment.ts';

export const experimentRouter = router({
  createExperiment: createExperimentProcedure,
  updateExperiment: updateExperimentProcedure,
  startExperiment: startExperimentProcedure,
  stopExperiment: stopExperimentProcedure,
  getExperiment: getExperimentProcedure,
  findExperiments: findExperimentsProcedure,
});
