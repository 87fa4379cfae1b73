import type { Candidate } from '@embedding-studio/contracts';
import { createRandom, type FusionQuery } from '../../src/ranking/index.ts';

export interface CaseOptions {
  count: number;
  seed: number;
  /** How well each leg tells relevant from irrelevant: 0 is blind. */
  vectorSkill: number;
  lexicalSkill: number;
  candidates?: number;
}

/** Queries with three relevant candidates each, whose leg scores are skill + noise, independent between the legs. */
export function drawQueries({ count, seed, vectorSkill, lexicalSkill, candidates = 60 }: CaseOptions): FusionQuery[] {
  const random = createRandom(seed);
  const noise = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: count }, (_, query) => {
    const relevant: Record<string, number> = {};
    const list: Candidate[] = Array.from({ length: candidates }, (_, index) => {
      const itemId = `q${query}-i${Math.floor(random() * 1e9)}`;
      const isRelevant = index < 3;
      if (isRelevant) relevant[itemId] = 1;
      const cosine = 0.3 + 0.08 * (noise() + (isRelevant ? vectorSkill : 0));
      const words = noise() + (isRelevant ? lexicalSkill : 0) - 0.5;
      return { itemId, cosine, lexical: Math.max(0, words * 4), lexicalScale: 20 };
    });
    const judged = { queryId: `q${query}`, text: `query ${query}`, relevant, judged: list.map(({ itemId }) => itemId) };
    return { judged, candidates: list };
  });
}
