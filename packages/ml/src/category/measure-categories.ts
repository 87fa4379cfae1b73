import type { CategoryCalibration, CategoryQuality } from '@embedding-studio/contracts';
import { type CategoryExample, firstOf, plainCalibration } from './fit-calibration.ts';

const bins = 10;

/** How good predictions are on sessions that they were not fitted on. */
export function measureCategories(
  examples: readonly CategoryExample[],
  calibration: CategoryCalibration,
): CategoryQuality {
  const firsts = examples.map((example) => firstOf(example, calibration));
  const answered = firsts.filter(({ probability }) => probability >= calibration.threshold);
  const rightOf = (list: readonly { isRight: boolean }[]) => list.filter(({ isRight }) => isRight).length;
  return {
    sessions: examples.length,
    accuracy: rightOf(firsts) / Math.max(1, examples.length),
    accuracyOfMostClicked: accuracyOfMostClicked(examples),
    ece: calibrationError(firsts),
    eceUncalibrated: calibrationError(
      examples.map((example) => firstOf(example, { ...plainCalibration, temperature: 1 })),
    ),
    coverage: answered.length / Math.max(1, examples.length),
    accuracyOfAnswered: answered.length === 0 ? null : rightOf(answered) / answered.length,
  };
}

/** Mean gap between what was promised and the share of clicks that came, over bins of equal width. */
export function calibrationError(firsts: readonly { probability: number; share: number }[]): number {
  const sums = Array.from({ length: bins }, () => ({ probability: 0, share: 0 }));
  for (const { probability, share } of firsts) {
    const bin = sums[Math.min(bins - 1, Math.floor(probability * bins))];
    if (bin === undefined) continue;
    bin.probability += probability;
    bin.share += share;
  }
  const gaps = sums.reduce((total, { probability, share }) => total + Math.abs(probability - share), 0);
  return gaps / Math.max(1, firsts.length);
}

function accuracyOfMostClicked(examples: readonly CategoryExample[]): number {
  const [first] = examples;
  const most = [...(first?.evidence ?? [])].sort((left, right) => right.clicks - left.clicks)[0]?.category ?? '';
  return examples.filter(({ clicked }) => clicked.has(most)).length / Math.max(1, examples.length);
}
