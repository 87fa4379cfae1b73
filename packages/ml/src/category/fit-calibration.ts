import type { CategoryCalibration } from '@embedding-studio/contracts';
import { type CategoryEvidence, categoryOdds } from './category-odds.ts';

/** One held-out session: what is known about its query, and where its clicks went. */
export interface CategoryExample {
  evidence: readonly CategoryEvidence[];
  /** Category → share of the session's clicks; sums to 1. */
  clicked: ReadonlyMap<string, number>;
}

export const plainCalibration: CategoryCalibration = {
  ...{ temperature: 0.05, clickPrior: 0, centroidClicks: 10, threshold: 0.5 },
};

const temperatures = Array.from({ length: 19 }, (_, step) => 0.005 * 10 ** (step / 8));
const priors = [0, 0.25, 0.5, 0.75, 1];
const centroidWeights = [1, 3, 10, 30, 100];
const likelihoodMin = 1e-9;

/** The numbers under which the clicks of held-out sessions were most likely, and the threshold that answers right often enough. */
export function fitCalibration(examples: readonly CategoryExample[], accuracyMin: number): CategoryCalibration {
  const softmaxes = temperatures.flatMap((temperature) =>
    priors.map((clickPrior) => ({ ...plainCalibration, temperature, clickPrior })),
  );
  const best = leastSurprised(examples, softmaxes);
  const fitted = leastSurprised(
    examples,
    centroidWeights.map((centroidClicks) => ({ ...best, centroidClicks })),
  );
  return { ...fitted, threshold: chooseThreshold(examples, { calibration: fitted, accuracyMin }) };
}

function leastSurprised(
  examples: readonly CategoryExample[],
  choices: readonly CategoryCalibration[],
): CategoryCalibration {
  let best = { choice: choices[0] ?? plainCalibration, surprise: Number.POSITIVE_INFINITY };
  for (const choice of choices) {
    const surprise = surpriseOf(examples, choice);
    if (surprise < best.surprise) best = { choice, surprise };
  }
  return best.choice;
}

/** Mean negative log likelihood of the clicked categories. */
export function surpriseOf(examples: readonly CategoryExample[], calibration: CategoryCalibration): number {
  let total = 0;
  for (const { evidence, clicked } of examples)
    for (const { category, probability } of categoryOdds(evidence, calibration)) {
      const share = clicked.get(category);
      if (share !== undefined) total -= share * Math.log(Math.max(likelihoodMin, probability));
    }
  return total / Math.max(1, examples.length);
}

/** The lowest probability above which the first category is right in `accuracyMin` of the sessions; 1 when none is. */
function chooseThreshold(
  examples: readonly CategoryExample[],
  { calibration, accuracyMin }: { calibration: CategoryCalibration; accuracyMin: number },
): number {
  const firsts = examples
    .map((example) => firstOf(example, calibration))
    .sort((left, right) => right.probability - left.probability);
  let right = 0;
  let threshold = 1;
  for (const [index, first] of firsts.entries()) {
    if (first.isRight) right += 1;
    if (right / (index + 1) >= accuracyMin) threshold = first.probability;
  }
  return threshold;
}

/** The most likely category of a session's query, and whether it was clicked. */
export function firstOf(
  { evidence, clicked }: CategoryExample,
  calibration: CategoryCalibration,
): { probability: number; share: number; isRight: boolean } {
  const [first] = categoryOdds(evidence, calibration);
  const share = clicked.get(first?.category ?? '') ?? 0;
  return { probability: first?.probability ?? 0, share, isRight: share > 0 };
}
