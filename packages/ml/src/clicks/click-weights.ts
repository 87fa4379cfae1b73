import type { SessionEvent, SessionWithEvents } from '@embedding-studio/contracts';

export interface ClickWeightOptions {
  /** Event type (lower case) → weight. 0: says that the item was seen, not that it was wanted. */
  eventWeights?: Readonly<Record<string, number>>;
  /** Weight of a type that is not listed; default 1. */
  unknownEventWeight?: number;
  /** Dwell at which a click counts half of what it can, seconds; default 30 (10–15 for products). */
  dwellHalfSeconds?: number;
}

export const defaultEventWeights: Readonly<Record<string, number>> = {
  click: 1,
  seen: 0,
  impression: 0,
  cart: 3,
  save: 3,
  purchase: 5,
};

const spread = 0.5;
const unknownDwell = 0.5;
const quickBackSeconds = 5;
const quickBack = 0.1;
const lastClickFactor = 1.2;
const weightMax = 5;

/** itemId → satisfaction weight (0 … 5) of every item with a wanting event; the best event of an item counts. */
export function weighClicks(session: SessionWithEvents, options: ClickWeightOptions = {}): Map<string, number> {
  const weights = new Map<string, number>();
  const last = findLastEvent(session.events);
  for (const event of session.events) {
    const weight = Math.min(weightMax, eventWeightOf(event, options) * (event === last ? lastClickFactor : 1));
    if (weight > (weights.get(event.itemId) ?? 0)) weights.set(event.itemId, weight);
  }
  return weights;
}

/** Items that an event only says were on screen. */
export function findSeen(session: SessionWithEvents, options: ClickWeightOptions = {}): Set<string> {
  return new Set(session.events.filter((event) => typeWeightOf(event, options) === 0).map((event) => event.itemId));
}

function eventWeightOf(event: SessionEvent, options: ClickWeightOptions): number {
  const weight = typeWeightOf(event, options);
  const dwell = dwellOf(event);
  if (dwell === null) return weight * unknownDwell;
  if (dwell < quickBackSeconds) return weight * quickBack;
  const half = options.dwellHalfSeconds ?? 30;
  return weight / (1 + Math.exp(-(Math.log(1 + dwell) - Math.log(half)) / spread));
}

function typeWeightOf(event: SessionEvent, options: ClickWeightOptions): number {
  const type = event.type.toLowerCase();
  const weights = options.eventWeights ?? defaultEventWeights;
  return Object.hasOwn(weights, type) ? Math.max(0, weights[type] ?? 0) : (options.unknownEventWeight ?? 1);
}

/** `meta.dwellSeconds`: how long the user stayed with the item. */
function dwellOf(event: SessionEvent): number | null {
  const dwell = event.meta?.dwellSeconds;
  return typeof dwell === 'number' && Number.isFinite(dwell) && dwell >= 0 ? dwell : null;
}

/** The event strictly later than all others; null when times do not tell. */
function findLastEvent(events: readonly SessionEvent[]): SessionEvent | null {
  const latest = events.reduce((time, event) => Math.max(time, event.createdAt.getTime()), Number.NEGATIVE_INFINITY);
  const candidates = events.filter((event) => event.createdAt.getTime() === latest);
  return events.length > 1 && candidates.length === 1 ? (candidates[0] ?? null) : null;
}
