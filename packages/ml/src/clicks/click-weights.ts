import { eventWeights, meaningOf, type SessionEvent, type SessionWithEvents } from '@embedding-studio/contracts';

export interface ClickWeightOptions {
  /** Event type (lower case) → weight; types that are not listed keep their own, see `eventWeights`. */
  eventWeights?: Readonly<Record<string, number>>;
  /** Dwell at which a click counts half of what it can, seconds; default 30 (10–15 for products). */
  dwellHalfSeconds?: number;
}

const spread = 0.5;
const unknownDwell = 0.5;
/** Whoever comes back sooner did not find it. */
export const quickBackSeconds = 5;
const quickBack = 0.1;
const lastClickFactor = 1.2;
const weightMax = 5;

export interface ClickJudgement {
  /** Satisfaction, 0 … 5. */
  weight: number;
  /** Type of the event that counts. */
  event: string;
  /** Longest stay that any event of the item reports; null when none does. */
  dwellSeconds: number | null;
  /** It was the last wanting event of the session, and counts more for that. */
  isLast: boolean;
}

/** itemId → satisfaction weight (0 … 5) of every item with a wanting event. */
export function weighClicks(session: SessionWithEvents, options: ClickWeightOptions = {}): Map<string, number> {
  return new Map([...judgeClicks(session, options)].map(([itemId, { weight }]) => [itemId, weight]));
}

/**
 * Every item with a wanting event: the best event counts, with the longest dwell that any of its events reports. An item
 * that was also rejected is not wanted.
 */
export function judgeClicks(session: SessionWithEvents, options: ClickWeightOptions = {}): Map<string, ClickJudgement> {
  const judged = new Map<string, ClickJudgement>();
  const wanting = session.events.filter((event) => weightOf(event, options) > 0);
  const last = findLastEvent(wanting);
  const dwells = longestDwells(wanting);
  const rejected = findRejected(session);
  for (const event of wanting) {
    if (rejected.has(event.itemId)) continue;
    const dwellSeconds = dwells.get(event.itemId) ?? null;
    const isLast = event === last;
    const satisfied = weightOf(event, options) * satisfaction(dwellSeconds, options);
    const weight = Math.min(weightMax, satisfied * (isLast ? lastClickFactor : 1));
    if (weight > (judged.get(event.itemId)?.weight ?? 0))
      judged.set(event.itemId, { weight, event: event.type.toLowerCase(), dwellSeconds, isLast });
  }
  return judged;
}

/** Items that an event only says were on screen. */
export function findSeen(session: SessionWithEvents): Set<string> {
  return new Set(session.events.filter(({ type }) => meaningOf(type) === 'seen').map(({ itemId }) => itemId));
}

/** Items that the user said no to. */
export function findRejected(session: SessionWithEvents): Set<string> {
  return new Set(session.events.filter(({ type }) => meaningOf(type) === 'rejected').map(({ itemId }) => itemId));
}

/** Seconds that the user stayed with the item, as the event says; `meta.dwellSeconds` in older clients. */
export function dwellOf(event: SessionEvent): number | null {
  const dwell = event.dwellSeconds ?? event.meta?.dwellSeconds;
  return typeof dwell === 'number' && Number.isFinite(dwell) && dwell >= 0 ? dwell : null;
}

function satisfaction(dwell: number | null, options: ClickWeightOptions): number {
  if (dwell === null) return unknownDwell;
  if (dwell < quickBackSeconds) return quickBack;
  const half = options.dwellHalfSeconds ?? 30;
  return 1 / (1 + Math.exp(-(Math.log(1 + dwell) - Math.log(half)) / spread));
}

function weightOf(event: SessionEvent, options: ClickWeightOptions): number {
  const type = event.type.toLowerCase();
  const given = options.eventWeights;
  if (given !== undefined && Object.hasOwn(given, type)) return Math.max(0, given[type] ?? 0);
  return Object.hasOwn(eventWeights, type) ? (eventWeights[type] ?? 0) : 0;
}

function longestDwells(events: readonly SessionEvent[]): Map<string, number> {
  const dwells = new Map<string, number>();
  for (const event of events) {
    const dwell = dwellOf(event);
    if (dwell !== null && dwell >= (dwells.get(event.itemId) ?? 0)) dwells.set(event.itemId, dwell);
  }
  return dwells;
}

/** The event strictly later than all others; null when times do not tell. */
function findLastEvent(events: readonly SessionEvent[]): SessionEvent | null {
  const latest = events.reduce((time, event) => Math.max(time, event.createdAt.getTime()), Number.NEGATIVE_INFINITY);
  const candidates = events.filter((event) => event.createdAt.getTime() === latest);
  return events.length > 1 && candidates.length === 1 ? (candidates[0] ?? null) : null;
}
