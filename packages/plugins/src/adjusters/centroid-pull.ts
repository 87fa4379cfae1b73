import { z } from 'zod';
import { defineVectorAdjuster, pluginApiVersion } from '../spec/index.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { angleBetween, toUnit, turnTowards } from './unit-vectors.ts';

const Config = z.strictObject({
  share: z
    .number()
    .gt(0)
    .max(1)
    .default(0.1)
    .describe('Share of the angle to the centroid that endless evidence turns.'),
  halfShareClicks: z.number().gt(0).max(10_000).default(10).describe('Clicks that turn half of it.'),
  degreesMax: z.number().gt(0).max(25).default(8).describe('Never turned further than this.'),
  halfLifeDays: z.number().gt(0).max(3_650).default(90),
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
  adjust({ vector, evidence, now }, config) {
    const base = toUnit(Float64Array.from(vector));
    const { direction, weight } = gatherEvidence(evidence, {
      kind: 'positive',
      now,
      halfLifeDays: config.halfLifeDays,
    });
    if (base === null || direction === null) return vector.slice();
    const angle = angleBetween(base, direction) * config.share * (weight / (weight + config.halfShareClicks));
    return Float32Array.from(turnTowards(base, direction, Math.min(angle, (config.degreesMax * Math.PI) / 180)));
  },
});
