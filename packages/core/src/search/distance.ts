import { z } from 'zod';

/**
 * Distances as pgvector's operators give them. Vectors have unit length here, so the three order items alike and each
 * follows from the cosine c: 1 − c (0 to 2), the negative inner product −c (−1 to 1), and √(2 − 2c) (0 to 2).
 */
export const Metric = z.enum(['cosine', 'dot', 'euclidean']);
export type Metric = z.infer<typeof Metric>;

export function toDistance(cosine: number, metric: Metric): number {
  if (metric === 'dot') return -cosine;
  return metric === 'cosine' ? 1 - cosine : Math.sqrt(Math.max(0, 2 - 2 * cosine));
}

/** The least cosine that is within a distance. */
export function toCosine(distance: number, metric: Metric): number {
  if (metric === 'dot') return -distance;
  return metric === 'cosine' ? 1 - distance : 1 - (distance * Math.abs(distance)) / 2;
}
