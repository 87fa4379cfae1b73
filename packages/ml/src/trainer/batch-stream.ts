import type { TrainingSettings } from '@embedding-studio/contracts';
import { planEpoch, type Visit } from './batch-plan.ts';
import type { ExampleSet } from './examples.ts';

/** The micro-batches of a whole run, grouped by optimiser step; any step can be asked for at any time. */
export interface BatchStream {
  /** Steps until the epochs or `stepsMax` are used up. */
  stepsTotal: number;
  /** What ends the run when no clock does. */
  bound: 'epochs' | 'steps';
  /** Micro-batches of step 1, 2, …; the last step of a run may have fewer. */
  groupAt(step: number): Visit[][];
}

export function createBatchStream(set: ExampleSet, settings: TrainingSettings): BatchStream {
  const { accumulationSteps, epochsMax, stepsMax } = settings;
  const starts = [0];
  for (let epoch = 0; epoch < epochsMax; epoch += 1) {
    const start = starts[epoch] ?? 0;
    if (stepsMax !== null && start >= stepsMax * accumulationSteps) break;
    starts.push(start + planEpoch(set, epoch, settings).length);
  }
  const batches = starts.at(-1) ?? 0;
  const stepsByEpochs = Math.ceil(batches / accumulationSteps);
  const isCapped = stepsMax !== null && stepsMax < stepsByEpochs;
  let planned = { epoch: -1, batches: [] as Visit[][] };
  const batchAt = (index: number): Visit[] => {
    const epoch = starts.findLastIndex((start) => start <= index);
    if (planned.epoch !== epoch) planned = { epoch, batches: planEpoch(set, epoch, settings) };
    return planned.batches[index - (starts[epoch] ?? 0)] ?? [];
  };
  return {
    stepsTotal: isCapped ? stepsMax : stepsByEpochs,
    bound: isCapped ? 'steps' : 'epochs',
    groupAt: (step) => {
      const first = (step - 1) * accumulationSteps;
      const count = Math.min(accumulationSteps, batches - first);
      return Array.from({ length: count }, (_, offset) => batchAt(first + offset));
    },
  };
}
