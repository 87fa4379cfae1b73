import { z } from 'zod';
import { defineRanker, pluginApiVersion, type RankerHit } from '../spec/index.ts';
import { boostHits, readPath } from './boost-hits.ts';

const Config = z.strictObject({
  field: z
    .string()
    .max(200)
    .default('')
    .describe('Payload field with the date, dots for nesting; empty: when the item was first stored.'),
  halfLifeDays: z.number().gt(0).max(36_500).default(30).describe('Age at which half of the boost is left.'),
  weight: z.number().gt(0).max(1).default(0.2).describe('Share of the spread of scores that a new item gains.'),
});
type Config = z.infer<typeof Config>;

const dayMs = 86_400_000;
/** Seconds and milliseconds since 1970 are told apart here: this is the year 5138 in the one, 1973 in the other. */
const secondsMax = 100_000_000_000;

/** Lifts new items, with a half-life. */
export const recency = defineRanker<Config>({
  apiVersion: pluginApiVersion,
  kind: 'ranker',
  id: 'recency',
  version: '1.0.0',
  title: 'Recency boost',
  description:
    'Lifts new items: the boost halves with every half-life of age. Dates are ISO 8601 text or Unix time in seconds or ' +
    'milliseconds; items without a date gain nothing, dates to come count as now.',
  config: Config,
  needs: ['payload'],
  rank({ hits, now }, config) {
    if (hits.length === 0) return [];
    const boostOf = (hit: RankerHit) => {
      const at = config.field === '' ? (hit.createdAt?.getTime() ?? null) : toTime(readPath(hit.payload, config.field));
      if (at === null) return null;
      const ageDays = Math.max(0, now.getTime() - at) / dayMs;
      return 2 ** (-ageDays / config.halfLifeDays);
    };
    return boostHits(hits, { weight: config.weight, boostOf });
  },
});

function toTime(value: unknown): number | null {
  if (typeof value === 'number' && Number.isFinite(value)) return Math.abs(value) < secondsMax ? value * 1_000 : value;
  if (typeof value !== 'string' || !/^\d{4}-\d{2}/.test(value)) return null;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : at;
}
