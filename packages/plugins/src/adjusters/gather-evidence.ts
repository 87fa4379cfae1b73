import type { AdjustmentEvidence } from '../spec/index.ts';
import { toUnit } from './unit-vectors.ts';

export interface GatheredEvidence {
  /** Mean direction; null when there is none. */
  direction: Float64Array | null;
  /** Sum of the weights that count, in satisfied clicks. */
  weight: number;
}

const dayMs = 86_400_000;

/**
 * Sums evidence of one kind with its age taken off. No voice counts for more than a twentieth of all, or than one click
 * where that is more: a single person cannot move an item by clicking on and on.
 */
export function gatherEvidence(
  evidence: readonly AdjustmentEvidence[],
  { kind, now, halfLifeDays }: { kind: AdjustmentEvidence['kind']; now: Date; halfLifeDays: number },
): GatheredEvidence {
  const weighed = evidence.flatMap((each, at) => {
    if (each.kind !== kind) return [];
    const ageDays = Math.max(0, now.getTime() - each.at.getTime()) / dayMs;
    return [{ ...each, voice: each.voice ?? `unknown ${at}`, weight: each.weight * 2 ** (-ageDays / halfLifeDays) }];
  });
  const ofVoice = new Map<string, number>();
  for (const { voice, weight } of weighed) ofVoice.set(voice, (ofVoice.get(voice) ?? 0) + weight);
  const cap = capOf([...ofVoice.values()]);
  let total = 0;
  let sum: Float64Array | null = null;
  for (const { voice, weight, vector } of weighed) {
    const counted = weight * Math.min(1, cap / (ofVoice.get(voice) ?? cap));
    total += counted;
    sum ??= new Float64Array(vector.length);
    for (let at = 0; at < vector.length; at++) sum[at] = (sum[at] ?? 0) + counted * (vector[at] ?? 0);
  }
  return { direction: sum === null ? null : toUnit(sum), weight: total };
}

/** Most that one voice counts: a twentieth of what is left of all once each is capped, so found by coming closer. */
function capOf(weights: readonly number[]): number {
  let cap = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 100; round++) {
    const all = weights.reduce((sum, weight) => sum + Math.min(weight, cap), 0);
    const lower = Math.max(1, all / 20);
    if (lower >= cap) break;
    cap = lower;
  }
  return cap;
}
