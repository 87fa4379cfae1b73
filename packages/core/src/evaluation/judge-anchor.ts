import type { AnchorMeasurement } from '@embedding-studio/ml/ranking';
import { formatCount, type Verdict } from './gate-numbers.ts';
import type { GateRules } from './gate-rules.ts';

/** Is the space still healthy away from the clicks: neighbourhoods kept, directions in use, texts told apart? */
export function judgeAnchor(anchor: AnchorMeasurement | null, rules: GateRules): Verdict {
  if (!anchor) return { isMet: false, reason: 'The anchor texts could not be measured.' };
  const { neighbourOverlap, before, after, texts } = anchor;
  const faults: string[] = [];
  const numbers = [neighbourOverlap, after.meanPairwiseCosine, after.effectiveRank];
  if (!numbers.every(Number.isFinite)) faults.push('a measurement is not a finite number');
  if (neighbourOverlap < rules.neighbourOverlapMin)
    faults.push(
      `texts keep ${percent(neighbourOverlap)} of their neighbours, ${percent(rules.neighbourOverlapMin)} are needed`,
    );
  if (after.effectiveRank < rules.effectiveRankShareMin * before.effectiveRank)
    faults.push(
      `the effective rank falls from ${before.effectiveRank.toFixed(1)} to ${after.effectiveRank.toFixed(1)}`,
    );
  if (after.meanPairwiseCosine > before.meanPairwiseCosine + rules.pairwiseCosineGrowthMax)
    faults.push(
      `the mean cosine between texts grows from ${before.meanPairwiseCosine.toFixed(3)} to ${after.meanPairwiseCosine.toFixed(3)}`,
    );
  if (faults.length > 0) return { isMet: false, reason: `On ${formatCount(texts)} anchor texts ${faults.join('; ')}.` };
  return {
    isMet: true,
    reason:
      `${formatCount(texts)} anchor texts keep ${percent(neighbourOverlap)} of their neighbours; ` +
      `effective rank ${before.effectiveRank.toFixed(1)} → ${after.effectiveRank.toFixed(1)}, ` +
      `mean cosine ${before.meanPairwiseCosine.toFixed(3)} → ${after.meanPairwiseCosine.toFixed(3)}.`,
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
