import type { Evidence } from './item-delta.ts';

const halfLifeDays = 30;
/** No user counts for more than this share, though always for one click. */
const shareMax = 1 / 20;

export interface WeighedUsers {
  /** Sum of the queries by weight, after decay and caps. */
  sum: Float32Array;
  /** The smaller of the total weight and Kish's effective number of users. */
  usersEffective: number;
}

/** Joins evidence by user, lets it decay and caps what one user counts for. Null when there is none. */
export function weighUsers(evidence: readonly Evidence[]): WeighedUsers | null {
  const users = new Map<string, { weight: number; sum: Float32Array }>();
  for (const { user, query, weight, ageDays } of evidence) {
    const decayed = weight * 0.5 ** (Math.max(0, ageDays) / halfLifeDays);
    const own = users.get(user) ?? { weight: 0, sum: new Float32Array(query.length) };
    own.weight += decayed;
    for (let at = 0; at < query.length; at++) own.sum[at] = (own.sum[at] ?? 0) + decayed * (query[at] ?? 0);
    users.set(user, own);
  }
  const all = [...users.values()].filter(({ weight }) => weight > 0);
  const [first] = all;
  if (first === undefined) return null;
  const cap = Math.max(1, shareMax * all.reduce((total, { weight }) => total + Math.min(1, weight), 0));
  const sum = new Float32Array(first.sum.length);
  let total = 0;
  let squares = 0;
  for (const own of all) {
    const factor = Math.min(1, cap / own.weight);
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + factor * (own.sum[at] ?? 0);
    total += factor * own.weight;
    squares += (factor * own.weight) ** 2;
  }
  return { sum, usersEffective: Math.min(total, total ** 2 / squares) };
}
