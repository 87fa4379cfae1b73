import { z } from 'zod';
import { defineRanker, pluginApiVersion, type RankerHit } from '../spec/index.ts';
import { boostHits, readPath } from './boost-hits.ts';

const Config = z.strictObject({
  field: z.string().min(1).max(200).default('popularity').describe('Payload field with a count, dots for nesting.'),
  half: z.number().gt(0).default(100).describe('Count that earns half of the boost.'),
  weight: z
    .number()
    .gt(0)
    .max(1)
    .default(0.2)
    .describe('Share of the spread of scores that a very popular item gains.'),
});
type Config = z.infer<typeof Config>;

/** Lifts items with a high count. */
export const popularity = defineRanker<Config>({
  apiVersion: pluginApiVersion,
  kind: 'ranker',
  id: 'popularity',
  version: '1.0.0',
  title: 'Popularity boost',
  description:
    'Lifts items by a count in their payload (sales, likes, downloads), with diminishing returns: count / (count + half). ' +
    'Items without the count, or with a negative one, gain nothing.',
  config: Config,
  needs: ['payload'],
  rank({ hits }, config) {
    if (hits.length === 0) return [];
    const boostOf = (hit: RankerHit) => {
      const count = readPath(hit.payload, config.field);
      if (typeof count !== 'number' || !Number.isFinite(count) || count <= 0) return null;
      return count / (count + config.half);
    };
    return boostHits(hits, { weight: config.weight, boostOf });
  },
});
