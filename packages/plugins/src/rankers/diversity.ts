import { z } from 'zod';
import { defineRanker, pluginApiVersion, type RankedHit, type RankerHit } from '../spec/index.ts';

const Config = z.strictObject({
  relevance: z
    .number()
    .min(0)
    .max(1)
    .default(0.7)
    .describe('1 keeps the order; lower values put unlike items further up.'),
  top: z.int().min(2).max(100).default(30).describe('Hits that change places; the rest follow in their order.'),
});
type Config = z.infer<typeof Config>;

/** Maximal marginal relevance: each place goes to the hit that is good and unlike those above it. */
export const diversity = defineRanker<Config>({
  apiVersion: pluginApiVersion,
  kind: 'ranker',
  id: 'diversity',
  version: '1.0.0',
  title: 'Diversity (MMR)',
  description:
    'Fills the list from the top with the hit that is best after taking off its likeness to what is already above it ' +
    '(maximal marginal relevance over item vectors): near-duplicates move down. Costs top² comparisons of vectors.',
  config: Config,
  needs: ['vectors'],
  rank({ hits }, config) {
    if (hits.length === 0) return [];
    const head = pickDiverse(hits.slice(0, config.top), config.relevance);
    const lowest = head.at(-1)?.score ?? 0;
    const tail = hits.slice(config.top).map((hit, at): RankedHit => {
      return { itemId: hit.itemId, score: lowest - (at + 1) * 1e-6, explain: { likeness: 0 } };
    });
    return [...head, ...tail];
  },
});

interface Open {
  hit: RankerHit;
  /** 0 … 1 over the list. */
  relevance: number;
  /** To the most similar hit that has a place already. */
  likeness: number;
}

function pickDiverse(hits: readonly RankerHit[], share: number): RankedHit[] {
  const scores = hits.map((hit) => hit.score);
  const lowest = Math.min(...scores);
  const spread = Math.max(...scores) - lowest || 1;
  let open: Open[] = hits.map((hit) => ({ hit, relevance: (hit.score - lowest) / spread, likeness: 0 }));
  const gainOf = (each: Open) => share * each.relevance - (1 - share) * each.likeness;
  const picked: RankedHit[] = [];
  while (open.length > 0) {
    const best = open.reduce((left, right) => (gainOf(right) > gainOf(left) ? right : left));
    const explain = { relevance: best.relevance, likeness: best.likeness };
    picked.push({ itemId: best.hit.itemId, score: gainOf(best), explain });
    open = open.filter((each) => each !== best);
    for (const each of open) each.likeness = Math.max(each.likeness, cosine(each.hit.vector, best.hit.vector));
  }
  return picked;
}

/** Unit vectors; 0 where one of them is missing. */
function cosine(one: Float32Array | undefined, other: Float32Array | undefined): number {
  if (one === undefined || other === undefined || one.length !== other.length) return 0;
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}
