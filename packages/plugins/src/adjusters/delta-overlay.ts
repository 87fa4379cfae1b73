import { addScaled, computeItemDelta, deltaLimits, toUnit } from '@embedding-studio/ml/improvement';
import { z } from 'zod';
import { defineVectorAdjuster, pluginApiVersion } from '../spec/index.ts';
import { toEvidence } from './to-evidence.ts';

const Config = z.strictObject({
  strength: z
    .number()
    .gt(0)
    .max(0.3)
    .default(deltaLimits.stepMax)
    .describe('Share of the way that endless evidence would go.'),
  halfStrengthUsers: z
    .number()
    .gt(0)
    .max(10_000)
    .default(deltaLimits.shrinkage)
    .describe('Users at whom half of that share is reached.'),
  cosineMin: z
    .number()
    .min(0.9)
    .max(0.9999)
    .default(deltaLimits.cosineMin)
    .describe('Trust region: never further from the vector.'),
  passedMin: z
    .number()
    .min(1)
    .max(10_000)
    .default(deltaLimits.passedMin)
    .describe('Users who must have passed an item over before that counts.'),
});
type Config = z.infer<typeof Config>;

/** The click-graph overlay: towards the queries that an item is clicked for, inside a trust region. */
export const deltaOverlay = defineVectorAdjuster<Config>({
  apiVersion: pluginApiVersion,
  kind: 'vector-adjuster',
  id: 'delta-overlay',
  version: '1.0.0',
  title: 'Delta overlay with a trust region',
  description:
    'Moves an item towards the mean of the queries it is clicked for, the more the more users agree, with a half-life of ' +
    '30 days and never outside the trust region. Being passed over pushes a fifth as much, only with enough users, and ' +
    'never away from those queries: one click does not lose a topic. What runs where no adjuster is chosen.',
  config: Config,
  needs: ['vectors', 'clicks'],
  adjust(input, config) {
    const { strength: stepMax, halfStrengthUsers: shrinkage, cosineMin, passedMin } = config;
    const limits = { ...deltaLimits, stepMax, shrinkage, cosineMin, passedMin };
    const delta = computeItemDelta([input.vector], toEvidence(input), limits);
    if (delta === null) return input.vector.slice();
    return toUnit(addScaled(delta.shift, input.vector, delta.keep)) ?? input.vector.slice();
  },
});
