import { studentQuantile, studentTail } from '../distribution/index.ts';
import type { Result } from '../result.ts';
import { boundBy, type Comparison, differenceOf, findPairFault, findShareFault, liftOf } from './effect.ts';
import type { ArmPair } from './moments.ts';

export interface WelchOptions {
  /** Two-sided; default .05. */
  alpha?: number;
}

/**
 * Welch's t test (1947), for a sample whose size was fixed beforehand: looking early and stopping on a good p-value
 * breaks it, `compareSequential` does not break. The lift's interval is the delta method's with the same degrees.
 */
export function compareWelch(pair: ArmPair, options: WelchOptions = {}): Result<Comparison & { degrees: number }> {
  const { alpha = 0.05 } = options;
  const fault = findShareFault({ alpha }) ?? findPairFault(pair);
  if (fault) return fault;
  const difference = differenceOf(pair);
  const lift = liftOf(pair);
  const degrees = degreesOf(pair);
  const quantile = studentQuantile(1 - alpha / 2, degrees);
  return {
    kind: 'estimated',
    absolute: boundBy(difference, quantile * difference.standardError),
    relative: lift && boundBy(lift, quantile * lift.standardError),
    p: 2 * studentTail(Math.abs(difference.value) / difference.standardError, degrees),
    standardError: difference.standardError,
    degrees,
  };
}

/** Welch and Satterthwaite. */
function degreesOf({ control, treatment }: ArmPair): number {
  const ofControl = control.variance / control.n;
  const ofTreatment = treatment.variance / treatment.n;
  const below = ofControl ** 2 / (control.n - 1) + ofTreatment ** 2 / (treatment.n - 1);
  return (ofControl + ofTreatment) ** 2 / below;
}
