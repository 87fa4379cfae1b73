import { addScaled, dot, toUnit } from './vector-math.ts';

/** One of a user's interests: the direction of items that satisfied them, from the mean of the catalogue. */
export interface Centroid {
  vector: Float32Array;
  /** Sum of the weights that made it. */
  weight: number;
}

const centroidsMax = 4;
/** Below this cosine a click starts an interest of its own. */
const sameInterest = 0.5;
const learningRate = 0.3;
/** η: how far a query moves at most. */
export const personalStepMax = 0.3;

/** Interests from satisfied clicks, oldest first: k-means in one pass, so that the latest counts most. */
export function learnCentroids(
  clicks: readonly { vector: Float32Array; weight: number }[],
  mean: Float32Array,
): Centroid[] {
  const centroids: Centroid[] = [];
  for (const { vector, weight } of clicks) {
    const direction = toUnit(addScaled(vector, mean, -1));
    if (direction === null || weight <= 0) continue;
    const near = nearest(centroids, direction);
    if (near === null || (near.cosine < sameInterest && centroids.length < centroidsMax)) {
      centroids.push({ vector: direction, weight });
      continue;
    }
    const rate = learningRate * Math.min(1, weight);
    const moved = toUnit(
      addScaled(
        near.centroid.vector.map((value) => (1 - rate) * value),
        direction,
        rate,
      ),
    );
    if (moved !== null) near.centroid.vector = moved;
    near.centroid.weight += weight;
  }
  return centroids;
}

export interface PersonalQuery {
  vector: Float32Array;
  /** Cosine of query and interest, 0 when none is near: then the query stays as it is. */
  gate: number;
}

/** Moves the query, not the catalogue: q′ = norm(q + η · gate · p) with the nearest interest p and gate = max(0, cos). */
export function personaliseVector(
  query: Float32Array,
  centroids: readonly Centroid[],
  stepMax = personalStepMax,
): PersonalQuery {
  const near = nearest(centroids, query);
  if (near === null || near.cosine <= 0) return { vector: query, gate: 0 };
  const moved = toUnit(addScaled(query, near.centroid.vector, stepMax * near.cosine));
  return { vector: moved ?? query, gate: near.cosine };
}

function nearest(
  centroids: readonly Centroid[],
  direction: Float32Array,
): { centroid: Centroid; cosine: number } | null {
  let best: { centroid: Centroid; cosine: number } | null = null;
  for (const centroid of centroids) {
    const cosine = dot(centroid.vector, direction);
    if (best === null || cosine > best.cosine) best = { centroid, cosine };
  }
  return best;
}
