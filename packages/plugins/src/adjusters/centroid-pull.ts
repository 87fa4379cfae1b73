import { addScaled, dot, toUnit, weighUsers } from '@embedding-studio/ml/improvement';
import { z } from 'zod';
import { defineVectorAdjuster, pluginApiVersion } from '../spec/index.ts';
import { toEvidence } from './to-evidence.ts';

const Config = z.strictObject({
  share: z
    .number()
    .gt(0)
    .max(1)
    .default(0.1)
    .describe('Share of the angle to the centroid that endless evidence turns.'),
  halfShareUsers: z.number().gt(0).max(10_000).default(10).describe('Users at whom half of it is reached.'),
  degreesMax: z.number().gt(0).max(25).default(8).describe('Never turned further than this.'),
});
type Config = z.infer<typeof Config>;

/** A plain pull to the centroid of the queries that an item is clicked for. */
export const centroidPull = defineVectorAdjuster<Config>({
  apiVersion: pluginApiVersion,
  kind: 'vector-adjuster',
  id: 'centroid-pull',
  version: '1.0.0',
  title: 'Centroid pull',
  description:
    'Turns an item by a share of the angle to the centroid of the queries it is clicked for, never further than a few ' +
    'degrees. Simpler than the delta overlay: what was passed over is ignored and distant queries pull harder.',
  config: Config,
  needs: ['vectors', 'clicks'],
  adjust(input, config) {
    const wanted = weighUsers(toEvidence(input).filter(({ weight }) => weight > 0));
    const centroid = wanted === null ? null : toUnit(wanted.sum);
    if (wanted === null || centroid === null) return input.vector.slice();
    const cosine = Math.min(1, Math.max(-1, dot(input.vector, centroid)));
    const reached = wanted.usersEffective / (wanted.usersEffective + config.halfShareUsers);
    const angle = Math.min(Math.acos(cosine) * config.share * reached, (config.degreesMax * Math.PI) / 180);
    return turnTowards(input.vector, centroid, angle);
  },
});

/** On the great circle from one unit vector towards another, by an angle in radians; opposite vectors have no way. */
function turnTowards(from: Float32Array, to: Float32Array, angle: number): Float32Array {
  const side = toUnit(addScaled(to, from, -dot(from, to)));
  if (side === null) return from.slice();
  const turned = addScaled(
    from.map((value) => Math.cos(angle) * value),
    side,
    Math.sin(angle),
  );
  return toUnit(turned) ?? from.slice();
}
