import { router } from '../trpc.ts';
import { createExperimentProcedure } from './create-experiment.ts';
import { estimateDurationProcedure } from './estimate-duration.ts';
import { estimateExplorationProcedure } from './estimate-exploration.ts';
import { findExperimentsProcedure } from './find-experiments.ts';
import { getExperimentProcedure } from './get-experiment.ts';
import { getReadoutProcedure } from './get-readout.ts';
import { getReadoutSeriesProcedure } from './get-readout-series.ts';
import { listReadoutsProcedure } from './list-readouts.ts';
import { rollBackExperimentProcedure } from './roll-back-experiment.ts';
import { shipArmProcedure } from './ship-arm.ts';
import { sliceReadoutProcedure } from './slice-readout.ts';
import { startExperimentProcedure } from './start-experiment.ts';
import { stopExperimentProcedure } from './stop-experiment.ts';
import { takeReadoutProcedure } from './take-readout.ts';
import { updateExperimentProcedure } from './update-experiment.ts';

export const experimentRouter = router({
  estimateExploration: estimateExplorationProcedure,
  createExperiment: createExperimentProcedure,
  updateExperiment: updateExperimentProcedure,
  startExperiment: startExperimentProcedure,
  stopExperiment: stopExperimentProcedure,
  getExperiment: getExperimentProcedure,
  findExperiments: findExperimentsProcedure,
  takeReadout: takeReadoutProcedure,
  getReadout: getReadoutProcedure,
  listReadouts: listReadoutsProcedure,
  getReadoutSeries: getReadoutSeriesProcedure,
  sliceReadout: sliceReadoutProcedure,
  estimateDuration: estimateDurationProcedure,
  shipArm: shipArmProcedure,
  rollBackExperiment: rollBackExperimentProcedure,
});
