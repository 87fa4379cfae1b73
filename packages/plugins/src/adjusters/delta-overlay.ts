import { z } from 'zod';
import { defineVectorAdjuster, pluginApiVersion } from '../spec/index.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { angleBetween, combine, dot, toUnit, turnTowards } from './unit-vectors.ts';

const Config = z.strictObject({
  strength: z.number().gt(0).max(0.3).default(0.3).describe('Share of the way that endless evidence would go.'),
  halfStrengthClicks: z.number().gt(0).max(10_000).default(20).describe('Clicks that go half of it.'),
  cosineMin: z.number().min(0.9).max(0.9999).default(0.97).describe('Trust region: never further from the vector.'),
  halfLifeDays: z.number().gt(0).max(3_650).default(30),
  negativesMin: z.number().min(1).max(10_000).default(20).describe('Passed-over evidence below this is ignored.'),
});
type Config = z.infer<typeof Config>;

/** Negative evidence pushes at most this share of what positive evidence pulls. */
const negativeShare = 0.2;

/** The click-graph overlay: towards the queries that an item is clicked for, inside a trust region. */
export const deltaOverlay = defineVectorAdjuster<Config>({
  apiVersion: pluginApiVersion,
  kind: 'vector-adjuster',
  id: 'delta-overlay',
  version: '1.0.0',
  title: 'Delta overlay with a trust region',
  description:
    'Moves an item towards the mean of the queries it is clicked for, the more the more clicks agree, with a half-life and ' +
    'never outside the trust region. Being passed over pushes a fifth as much, only with enough evidence, and never ' +
    'away from those queries: one click does not lose a topic.',
  config: Config,
  needs: ['vectors', 'clicks'],
  adjust({ vector, evidence, now }, config) {
    const base = toUnit(Float64Array.from(vector));
    const wanted = gatherEvidence(evidence, { kind: 'positive', now, halfLifeDays: config.halfLifeDays });
    if (base === null || wanted.direction === null) return vector.slice();
    const pull = (config.strength * wanted.weight) / (wanted.weight + config.halfStrengthClicks);
    const pulled = toUnit(combine(base, 1 - pull, [wanted.direction, pull])) ?? base;
    const passedOver = gatherEvidence(evidence, { kind: 'negative', now, halfLifeDays: config.halfLifeDays });
    const pushed =
      passedOver.direction === null || passedOver.weight < config.negativesMin
        ? pulled
        : pushAway(pulled, { from: passedOver.direction, topic: wanted.direction, by: negativeShare * pull });
    const limit = Math.acos(config.cosineMin);
    const moved = angleBetween(base, pushed) > limit ? turnTowards(base, pushed, limit) : pushed;
    return Float32Array.from(moved);
  },
});

interface Push {
  from: Float64Array;
  topic: Float64Array;
  by: number;
}

/** Only along what the passed-over queries do not share with the topic: likeness to the topic cannot fall. */
function pushAway(vector: Float64Array, { from, topic, by }: Push): Float64Array {
  const apart = toUnit(combine(from, 1, [topic, -dot(from, topic)]));
  if (apart === null || dot(vector, apart) <= 0) return vector;
  return toUnit(combine(vector, 1, [apart, -Math.min(by, dot(vector, apart))])) ?? vector;
}
