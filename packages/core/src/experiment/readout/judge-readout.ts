import type { Readout, ReadoutMetric, ReadoutResult } from '@embedding-studio/contracts';
import { directionOf } from './compare-arms.ts';
import { findMetric } from './compute-metrics.ts';
import type { ReadoutInputs } from './readout-inputs.ts';
import {
  changeWords,
  countsWords,
  formatCount,
  metricTitle,
  percent,
  preferenceWords,
  pWords,
} from './readout-words.ts';

export type Verdict = Pick<Readout, 'verdict' | 'arm' | 'reasons'>;
export type Judged = Pick<Readout, 'health' | 'metrics' | 'interleaving' | 'agreement'>;

/** Of a canary or shadow: more of its answers failed than is bearable. */
const failedShareMax = 0.02;
const failedMin = 20;

/** Health outranks guardrails, guardrails outrank goals. */
export function judgeReadout(inputs: ReadoutInputs, judged: Judged): Verdict {
  const found =
    judgeHealth(judged) ?? judgeFailures(inputs) ?? judgeGuardrails(inputs, judged) ?? judgeGoal(inputs, judged);
  const past = judged.health.prePeriod;
  const warnings = past?.isAlarm === true ? [`Before it began the arms differed already (${pWords(past.p)}).`] : [];
  return { ...found, reasons: [...found.reasons, ...warnings, ...judged.health.warnings] };
}

function judgeHealth({ health: { srm, multiple } }: Judged): Verdict | null {
  const reasons: string[] = [];
  if (srm.isAlarm)
    reasons.push(
      `The arms have ${countsWords(srm.observed)} units instead of ${countsWords(srm.expected)} (${pWords(srm.p ?? 0)}): ` +
        'something drops units of one arm, so that no figure of this experiment can be believed.',
    );
  if (multiple.isAlarm)
    reasons.push(
      `${formatCount(multiple.units)} units (${percent(multiple.share)}) saw more than one arm: what is assigned does not ` +
        'stay with its arm. They are left out, and the rest may be a selection.',
    );
  return reasons.length === 0 ? null : { verdict: 'unhealthy', arm: null, reasons };
}

function judgeFailures({ definition, agreement, arms }: ReadoutInputs): Verdict | null {
  if (agreement === null || (definition.kind !== 'canary' && definition.kind !== 'shadow')) return null;
  const arm = definition.arms[1]?.name ?? null;
  const answered = definition.kind === 'shadow' ? agreement.searches : (arms[1]?.searches ?? 0);
  const share = agreement.failed / Math.max(1, agreement.failed + answered);
  if (agreement.failed < failedMin || share <= failedShareMax) return null;
  const words = `${arm} could not answer ${formatCount(agreement.failed)} searches, ${percent(share)} of those it was asked.`;
  return { verdict: 'rollback', arm, reasons: [words] };
}

function judgeGuardrails({ definition }: ReadoutInputs, { metrics }: Judged): Verdict | null {
  const breaches = metrics.flatMap(({ metric, arms }) =>
    arms.flatMap(({ arm, result, isBreached }) => (isBreached ? [{ metric, arm, result }] : [])),
  );
  const [first] = breaches;
  if (first === undefined) return null;
  const reasons = breaches.map(({ metric, arm, result }) => {
    const lossMax = definition.guardrails.find((guardrail) => guardrail.metric === metric)?.lossMax ?? 0;
    const change = result.kind === 'estimated' ? ` changes by ${changeWords(result, definition.alpha)}` : '';
    return `Guardrail: ${metricTitle(metric)} of ${arm}${change}; at most ${percent(lossMax)} worse was allowed.`;
  });
  return { verdict: 'rollback', arm: first.arm, reasons };
}

function judgeGoal(inputs: ReadoutInputs, judged: Judged): Verdict {
  const { kind, arms, unitsMin } = inputs.definition;
  if (kind === 'shadow') return judgeShadow(judged.agreement, unitsMin);
  if (judged.interleaving !== null) {
    const arm = arms[1]?.name ?? '';
    const { preference } = judged.interleaving;
    return judgeArms(inputs, [{ arm, result: preference, sense: senseOf(preference, inputs, 'up') }], {
      say: (result) => `Preference for ${arm}: ${preferenceWords(result, inputs.definition.alpha)}`,
    });
  }
  const primary = judged.metrics.find(({ role }) => role === 'primary');
  const better = directionOf(findMetric(primary?.metric ?? '') ?? { better: 'up' });
  const title = metricTitle(primary?.metric ?? '');
  return judgeArms(inputs, withSense(inputs, primary, better), {
    say: (result, arm) => `${title} of ${arm}: ${changeWords(result, inputs.definition.alpha)}`,
  });
}

interface Sensed {
  arm: string;
  result: ReadoutResult;
  /** What is shown beyond doubt. */
  sense: 'better' | 'worse' | null;
}

function withSense(inputs: ReadoutInputs, primary: ReadoutMetric | undefined, better: 'up' | 'down'): Sensed[] {
  return (primary?.arms ?? []).map(({ arm, result }) => ({ arm, result, sense: senseOf(result, inputs, better) }));
}

function senseOf(result: ReadoutResult, { definition }: ReadoutInputs, better: 'up' | 'down'): Sensed['sense'] {
  if (result.kind !== 'estimated') return null;
  const { alpha } = definition;
  if (result.chanceToWin !== null)
    return result.chanceToWin >= 1 - alpha ? 'better' : result.chanceToWin <= alpha ? 'worse' : null;
  const p = result.adjustedP ?? result.p;
  if (p === null || p >= alpha) return null;
  return result.difference.mean > 0 === (better === 'up') ? 'better' : 'worse';
}

function judgeArms(
  inputs: ReadoutInputs,
  sensed: readonly Sensed[],
  { say }: { say: (result: ReadoutResult & { kind: 'estimated' }, arm: string) => string },
): Verdict {
  const { unitsExpected } = inputs.definition;
  const reasons = sensed.map(({ arm, result, sense }) => {
    if (result.kind !== 'estimated') return `${arm}: ${result.reason}`;
    const words = sense === null ? 'not told from chance yet' : `surely ${sense}`;
    return `${say(result, arm)}, ${words}.`;
  });
  const strength = ({ result }: Sensed) => (result.kind === 'estimated' ? Math.abs(result.difference.mean) : 0);
  const strongest = (wanted: Sensed['sense']) =>
    sensed.filter(({ sense }) => sense === wanted).sort((left, right) => strength(right) - strength(left))[0];
  const winner = strongest('better');
  if (winner !== undefined) return { verdict: 'ship', arm: winner.arm, reasons };
  const loser = strongest('worse');
  if (loser !== undefined && sensed.every(({ sense }) => sense === 'worse'))
    return { verdict: 'rollback', arm: loser.arm, reasons };
  const units = inputs.arms.reduce((sum, arm) => sum + arm.units, 0);
  const isKnown = sensed.length > 0 && sensed.every(({ result }) => result.kind === 'estimated');
  if (!isKnown || units < unitsExpected) return { verdict: 'needs-data', arm: null, reasons };
  const words = `${formatCount(units)} units, as many as were planned for, show no difference.`;
  return { verdict: 'no-difference', arm: null, reasons: [words, ...reasons] };
}

function judgeShadow(agreement: Readout['agreement'], searchesMin: number): Verdict {
  const have = agreement?.searches ?? 0;
  if (agreement === null || have < searchesMin)
    return {
      ...{ verdict: 'needs-data', arm: null },
      reasons: [`${formatCount(have)} of ${formatCount(searchesMin)} searches have been compared.`],
    };
  return {
    ...{ verdict: 'needs-data', arm: null },
    reasons: [
      `${formatCount(have)} searches: ${percent(agreement.sameTop)} have the same first item, rank-biased overlap ` +
        `${agreement.rbo.toFixed(2)}. A shadow shows how alike two answers are, not which one is better: go on with ` +
        'interleaving or a canary.',
    ],
  };
}
