import { binomialTail, normalQuantile, normalTail } from '../distribution/index.ts';
import type { Fault, Result } from '../result.ts';
import { type Bounded, boundBy, type Effect, findAmountFault, findShareFault } from './effect.ts';
import { type PairStats, summariseRatio } from './moments.ts';
import { sequentialP, sequentialWidth } from './sequential.ts';

/** One user's interleaved searches: won by B (its results got more credit), tied (clicks or none), won by A. */
export interface InterleavedUser {
  wins: number;
  ties: number;
  losses: number;
}

/** Everything the test needs; mergeable by adding every number. */
export interface InterleavingStats {
  /** Per user: x searches, y wins + ties ÷ 2; of a user with more searches than the limit, both in proportion. */
  users: PairStats;
  /** Searches. */
  wins: number;
  ties: number;
  losses: number;
  /** Users with more wins than losses, more losses than wins, as many. */
  preferB: number;
  preferA: number;
  even: number;
}

export interface InterleavingOptions {
  /** Two-sided; default .05. */
  alpha?: number;
  /** Users at which the sequential interval is to be tightest; default 1,000: it takes far fewer than an A/B test. */
  expectedUnits?: number;
}

export interface InterleavingVerdict {
  /** (wins + ties ÷ 2) ÷ searches − ½, above 0 for B. Its interval is for one look, planned beforehand. */
  delta: Bounded;
  /** The same Δ with the interval that may be looked at after every user. */
  sequential: Bounded;
  /** Two-sided, of delta, one look. */
  p: number;
  sequentialP: number;
  /** Two-sided exact sign test over users who prefer one side; 1 where none does. */
  signP: number;
  /** Of Δ, clustered by user. */
  standardError: number;
}

const leastUsers = 10;
const defaultExpectedUsers = 1000;

/**
 * Adds up users; the order does not matter. Users without a search are left out, and nobody counts for more than
 * `mostPerUser` searches (default 20), so that a keen user or a robot is one voice among many.
 */
export function tallyInterleaving(
  users: Iterable<InterleavedUser>,
  { mostPerUser = 20 }: { mostPerUser?: number } = {},
): Result<InterleavingStats> {
  const limitFault = findAmountFault({ mostPerUser });
  if (limitFault) return limitFault;
  const stats: InterleavingStats = {
    users: { n: 0, sumX: 0, sumY: 0, sumXX: 0, sumYY: 0, sumXY: 0 },
    wins: 0,
    ties: 0,
    losses: 0,
    preferB: 0,
    preferA: 0,
    even: 0,
  };
  let place = 0;
  for (const user of users) {
    const fault = findCountFault(`user ${place++}: `, { ...user });
    if (fault) return fault;
    addUser(stats, user, mostPerUser);
  }
  return { kind: 'estimated', ...stats };
}

function addUser(stats: InterleavingStats, { wins, ties, losses }: InterleavedUser, mostPerUser: number): void {
  const searches = wins + ties + losses;
  if (searches === 0) return;
  const x = Math.min(searches, mostPerUser);
  const y = ((wins + ties / 2) * x) / searches;
  const { users } = stats;
  users.n++;
  users.sumX += x;
  users.sumY += y;
  users.sumXX += x * x;
  users.sumYY += y * y;
  users.sumXY += x * y;
  stats.wins += wins;
  stats.ties += ties;
  stats.losses += losses;
  stats[wins > losses ? 'preferB' : wins < losses ? 'preferA' : 'even']++;
}

/**
 * Which of two rankings people prefer, from interleaved lists. Δ of Chapelle, Joachims, Radlinski and Yue,
 * "Large-Scale Validation and Analysis of Interleaved Search Evaluation" (TOIS 2012); its error by the delta method
 * with users as units, since the searches of one user are not independent.
 */
export function compareInterleaving(
  stats: InterleavingStats,
  options: InterleavingOptions = {},
): Result<InterleavingVerdict> {
  const { alpha = 0.05, expectedUnits = defaultExpectedUsers } = options;
  const { wins, ties, losses, preferA, preferB, even } = stats;
  const counts = { wins, ties, losses, preferA, preferB, even };
  const fault = findShareFault({ alpha }) ?? findAmountFault({ expectedUnits }) ?? findCountFault('', counts);
  if (fault) return fault;
  const decided = preferA + preferB;
  if (decided < leastUsers) return tooFew('too few users prefer one side', decided);
  const share = summariseRatio(stats.users);
  if (share.kind !== 'estimated') return share;
  const voices = Math.floor(stats.users.sumX ** 2 / stats.users.sumXX);
  if (voices < leastUsers) return tooFew('most searches are from a few users', voices);
  if (share.variance === 0)
    return { kind: 'insufficient', reason: 'all users agree to the last search: there is no spread', have: decided };
  const delta = { value: share.mean - 0.5, standardError: Math.sqrt(share.variance / share.n), units: share.n };
  return { kind: 'estimated', ...judge(delta, { alpha, expectedUnits }), signP: signTest(preferA, preferB) };
}

function tooFew(reason: string, have: number): Fault {
  return { kind: 'insufficient', reason, have, needed: leastUsers };
}

function judge(delta: Effect, boundary: { alpha: number; expectedUnits: number }) {
  const { value, standardError, units } = delta;
  return {
    delta: boundBy(delta, standardError * normalQuantile(1 - boundary.alpha / 2)),
    sequential: boundBy(delta, standardError * sequentialWidth(units, boundary)),
    p: 2 * normalTail(Math.abs(value) / standardError),
    sequentialP: sequentialP(delta, boundary),
    standardError,
  };
}

/** Two-sided exact binomial test of "either side is as likely". */
export function signTest(left: number, right: number): number {
  return Math.min(1, 2 * binomialTail(Math.max(left, right), left + right, 0.5));
}

function findCountFault(where: string, counts: Record<string, number>): Fault | null {
  for (const [name, count] of Object.entries(counts))
    if (!(Number.isInteger(count) && count >= 0))
      return { kind: 'invalid', reason: `${where}${name} is ${count}, not a count` };
  return null;
}
