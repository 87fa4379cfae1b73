import type { TrainingSettings } from '@embedding-studio/contracts';

/** Turns a wall-clock budget into a number of steps, from the measured time per step. */
export interface StepClock {
  /** Seconds used by all attempts. */
  elapsed(): number;
  /** Call after every step. */
  recordStep(): void;
  /** Seconds per step so far; 0 before the first measured step. */
  secondsPerStep(): number;
  /** Steps the run will take, as far as known after `step` of them. */
  stepsTotalAt(step: number): number;
  isSpent(): boolean;
}

const stepsBeforeEstimate = 3;

/** Without a budget the number of steps is `stepsTotal` and nothing depends on time. */
export function createStepClock(
  settings: Pick<TrainingSettings, 'secondsMax'>,
  { stepsTotal, secondsBefore, now }: { stepsTotal: number; secondsBefore: number; now: () => number },
): StepClock {
  const started = now();
  const limit = settings.secondsMax ?? Number.POSITIVE_INFINITY;
  let measured = { steps: 0, seconds: 0, last: started };
  const elapsed = () => secondsBefore + (now() - started) / 1000;
  const secondsPerStep = () => (measured.steps > 0 ? measured.seconds / measured.steps : 0);
  return {
    elapsed,
    secondsPerStep,
    // The first step also opens the runtime's memory and would spoil the mean.
    recordStep: () => {
      const at = now();
      const isFirst = measured.last === started;
      const seconds = isFirst ? 0 : measured.seconds + (at - measured.last) / 1000;
      measured = { steps: isFirst ? 0 : measured.steps + 1, seconds, last: at };
    },
    stepsTotalAt: (step) => {
      if (limit === Number.POSITIVE_INFINITY || measured.steps < stepsBeforeEstimate) return stepsTotal;
      const left = Math.max(0, Math.floor((limit - elapsed()) / secondsPerStep()));
      return Math.min(stepsTotal, step + left);
    },
    isSpent: () => elapsed() + secondsPerStep() > limit,
  };
}
