import type { Evidence } from '@embedding-studio/ml/improvement';
import type { AdjustmentInput } from '../spec/index.ts';

const dayMs = 86_400_000;

/** Evidence as the click graph takes it: passed-over items weigh below zero, unknown voices are one each. */
export function toEvidence({ evidence, now }: AdjustmentInput): Evidence[] {
  return evidence.map(({ vector, weight, kind, voice, at }, place) => ({
    user: voice ?? `unknown ${place}`,
    query: vector,
    weight: kind === 'positive' ? weight : -weight,
    ageDays: (now.getTime() - at.getTime()) / dayMs,
  }));
}
