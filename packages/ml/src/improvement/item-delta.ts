import { weighUsers } from './user-influence.ts';
import { addScaled, dot, normOf, toUnit } from './vector-math.ts';

/** What one session says about one item. */
export interface Evidence {
  /** Who; visitors without a name are one each. */
  user: string;
  /** The query's embedding, unit length. */
  query: Float32Array;
  /** Satisfaction weight when wanted, 0 … 5; below zero when looked at and passed over. */
  weight: number;
  ageDays: number;
}

/**
 * The item as it is served: norm(keep · d + shift), so that its cosine with a query q is
 * (keep · cos(q, d) + q · shift) / norm. Nothing of the stored vector d is changed.
 */
export interface ItemDelta {
  shift: Float32Array;
  keep: number;
  norm: number;
  /** Users it rests on, as a number of equals. */
  usersEffective: number;
}

export interface DeltaLimits {
  /** Largest share α of the way towards the queries; default .3. */
  stepMax: number;
  /** κ: users at whom half of that share is reached; default 20. */
  shrinkage: number;
  /** Trust region: the least cosine between the stored and the served vector; default .97. */
  cosineMin: number;
  /** Users who must have passed an item over before it is moved away from anything; default 20. */
  passedMin: number;
  /** γ as a share of the positive step; default .2. */
  passedShare: number;
}

export const deltaLimits: DeltaLimits = {
  stepMax: 0.3,
  shrinkage: 20,
  cosineMin: 0.97,
  passedMin: 20,
  passedShare: 0.2,
};

/**
 * Moves an item towards the queries for which it was wanted (the click graph of Jiang et al. 2016, shrunk and bounded).
 * `parts`: the item's vectors, unit length; the part nearest to those queries sets the bound. Null without evidence.
 */
export function computeItemDelta(
  parts: readonly Float32Array[],
  evidence: readonly Evidence[],
  limits: DeltaLimits = deltaLimits,
): ItemDelta | null {
  const wanted = weighUsers(evidence.filter(({ weight }) => weight > 0));
  const towards = wanted === null ? null : toUnit(wanted.sum);
  const base = towards === null ? null : nearestPart(parts, towards);
  if (wanted === null || towards === null || base === null) return null;
  const step = (limits.stepMax * wanted.usersEffective) / (wanted.usersEffective + limits.shrinkage);
  const positive = towards.map((value) => step * value);
  const away = findAway(evidence, towards, limits);
  const pushed = away === null ? positive : addScaled(positive, away, -limits.passedShare * step);
  // A push that would take the item away from those who want it is not made.
  const isHarmful = cosineOf(base, towards, { keep: 1 - step, shift: pushed }) < dot(base, towards);
  const shift = isHarmful ? positive : pushed;
  return { ...clip(base, { keep: 1 - step, shift }, limits.cosineMin), usersEffective: wanted.usersEffective };
}

/** The served cosine from the stored one; `queryShift` is the dot product of the query with `shift`. */
export function applyItemDelta(cosine: number, queryShift: number, delta: Pick<ItemDelta, 'keep' | 'norm'>): number {
  return Math.max(-1, Math.min(1, (delta.keep * cosine + queryShift) / delta.norm));
}

function nearestPart(parts: readonly Float32Array[], towards: Float32Array): Float32Array | null {
  let best: Float32Array | null = null;
  for (const part of parts) if (best === null || dot(part, towards) > dot(best, towards)) best = part;
  return best;
}

/** The direction of the queries that passed the item over, without what they share with those that wanted it. */
function findAway(evidence: readonly Evidence[], towards: Float32Array, limits: DeltaLimits): Float32Array | null {
  const passed = weighUsers(
    evidence.filter(({ weight }) => weight < 0).map((one) => ({ ...one, weight: -one.weight })),
  );
  if (passed === null || passed.usersEffective < limits.passedMin) return null;
  const direction = toUnit(passed.sum);
  return direction && toUnit(addScaled(direction, towards, -dot(direction, towards)));
}

interface Move {
  keep: number;
  shift: Float32Array;
}

function cosineOf(base: Float32Array, other: Float32Array, { keep, shift }: Move): number {
  const moved = addScaled(shift, base, keep);
  return dot(moved, other) / Math.max(normOf(moved), 1e-9);
}

/** Back along the great circle to the edge of the trust region. */
function clip(base: Float32Array, move: Move, cosineMin: number): Pick<ItemDelta, 'keep' | 'shift' | 'norm'> {
  const norm = normOf(addScaled(move.shift, base, move.keep));
  const cosine = cosineOf(base, base, move);
  if (cosine >= cosineMin) return { ...move, norm };
  const angle = Math.acos(Math.max(-1, cosine));
  const allowed = Math.acos(cosineMin);
  const ofBase = Math.sin(angle - allowed) / Math.sin(angle);
  const ofMoved = Math.sin(allowed) / Math.sin(angle) / norm;
  return {
    keep: ofBase + ofMoved * move.keep,
    shift: move.shift.map((value) => ofMoved * value),
    norm: 1,
  };
}
