import type { JudgedQuery } from '@embedding-studio/contracts';
import { createRandom } from '../ranking/seeded-random.ts';

/**
 * Position-based click model: P(click) = θ(k) · γ(grade), with θ(k) = 1 / k^η the chance that rank k is looked at and
 * γ = ε + (1 − ε) · (2^grade − 1) / (2^gradeMax − 1) the chance that a looked-at item is clicked.
 */
export interface ClickModel {
  /** Position bias η; 0 looks at every rank alike. */
  bias: number;
  /** Chance ε of clicking an irrelevant item that is looked at. */
  noise: number;
  gradeMax: number;
}

/** Never a person: label whatever is made of it as simulated. */
export interface SimulatedSession {
  isSimulated: true;
  sessionId: string;
  queryId: string;
  query: string;
  shown: string[];
  clicked: string[];
}

export interface SimulationInput {
  qrels: readonly JudgedQuery[];
  /** queryId → the list that the simulated user sees, top first. */
  rankings: Readonly<Record<string, readonly string[]>>;
  seed: number;
  sessionsPerQuery: number;
  /** Results per page; default 24. */
  pageSize?: number;
  model?: Partial<ClickModel>;
}

export function simulateSessions(input: SimulationInput): SimulatedSession[] {
  const { qrels, rankings, seed, sessionsPerQuery, pageSize = 24 } = input;
  const gradeMax = qrels.reduce((best, query) => Math.max(best, ...Object.values(query.relevant)), 1);
  const model: ClickModel = { bias: 0.5, noise: 0.02, gradeMax, ...input.model };
  const random = createRandom(seed);
  return qrels.flatMap((query) => {
    const shown = (rankings[query.queryId] ?? []).slice(0, pageSize);
    if (shown.length === 0) return [];
    return Array.from({ length: sessionsPerQuery }, (_, visit) => ({
      isSimulated: true as const,
      sessionId: `simulated-${seed}-${query.queryId}-${visit + 1}`,
      queryId: query.queryId,
      query: query.text,
      shown,
      clicked: shown.filter((itemId, index) => random() < clickChance(model, query.relevant[itemId] ?? 0, index + 1)),
    }));
  });
}

/** `rank` counts from 1. */
export function clickChance(model: ClickModel, grade: number, rank: number): number {
  const gain = (2 ** Math.max(0, grade) - 1) / (2 ** model.gradeMax - 1);
  return rank ** -model.bias * (model.noise + (1 - model.noise) * gain);
}
