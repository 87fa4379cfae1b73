import type { FactsExperiment, SessionFacts, SessionTraits, SessionWithEvents } from '@embedding-studio/contracts';
import { normaliseQuery, orderShown, rankShown, weighClicks } from '@embedding-studio/ml/clicks';
import { type Continuation, describeTraits, isClick, isSatisfying, keyOfTraits } from './session-traits.ts';
import { slicesOf } from './slices.ts';

const textCharsMax = 300;
const queryCharsMax = 200;
const shownIdsMax = 1_000;
const satisfiedMsMax = 30 * 60_000;

/** What facts say of a session before they are written. */
export type Facts = Omit<SessionFacts, 'sequence'>;

export interface Described {
  facts: Facts;
  traits: SessionTraits;
}

/** The same session, events and continuation always give the same facts. */
export function describeSession(session: SessionWithEvents, continuation: Continuation): Described {
  const traits = describeTraits(session, continuation);
  const stays = session.events.flatMap(({ dwellSeconds }) => dwellSeconds ?? []);
  const { tookMs } = session.searchMeta ?? {};
  const facts: Facts = {
    sessionId: session.sessionId,
    at: session.createdAt,
    text: session.query.slice(0, textCharsMax),
    query: queryOf(session.query),
    userId: session.userId ?? null,
    traitsKey: keyOfTraits(traits),
    shown: session.shown.length,
    eventCount: session.events.length,
    ...clickFacts(session),
    ...touchFacts(session),
    experiments: (session.experiments ?? []).map((experiment) => describeExperiment(session, experiment)),
    dwellSeconds: stays.length === 0 ? null : Math.max(...stays),
    satisfiedMs: timeToSatisfaction(session),
    slices: slicesOf(session),
    tookMs: typeof tookMs === 'number' && tookMs >= 0 ? tookMs : null,
  };
  return { facts, traits };
}

/** Only of interleaved lists is it asked who earned which click. */
function describeExperiment(session: SessionWithEvents, experiment: FactsExperiment): FactsExperiment {
  if (experiment.teams === undefined) return experiment;
  const placeOf = rankShown(session);
  const clicks = [...weighClicks(session)].flatMap(([itemId, weight]) => {
    const position = placeOf.get(itemId);
    return position === undefined ? [] : [{ position, weight }];
  });
  return { ...experiment, clicks: clicks.sort((left, right) => left.position - right.position) };
}

function touchFacts({ shown, events }: SessionWithEvents) {
  const clicked = new Set(events.filter(isClick).map(({ itemId }) => itemId));
  return { shownIds: orderShown(shown).slice(0, shownIdsMax), clickedIds: [...clicked].sort() };
}

export function queryOf(text: string): string {
  return normaliseQuery(text).slice(0, queryCharsMax);
}

function clickFacts(session: SessionWithEvents) {
  const clicks = session.events
    .filter(isClick)
    .sort((left, right) => left.createdAt.getTime() - right.createdAt.getTime());
  const listed = clicks.length === 0 ? [] : orderShown(session.shown);
  const placeOf = new Map(listed.map((itemId, at) => [itemId, at + 1]));
  const places = clicks.flatMap(({ itemId, position }) => position ?? placeOf.get(itemId) ?? []);
  return {
    clicks: clicks.length,
    firstPosition: places[0] ?? null,
    bestPosition: places.length === 0 ? null : Math.min(...places),
    positionSum: places.reduce((sum, place) => sum + place, 0),
    positioned: places.length,
  };
}

/** Until the first click on an item that stayed or led to more, even where the stay was told later. */
function timeToSatisfaction({ createdAt, events }: SessionWithEvents): number | null {
  const liked = new Set(events.filter(isSatisfying).map(({ itemId }) => itemId));
  const times = events.filter((event) => isClick(event) && liked.has(event.itemId)).map((event) => event.createdAt);
  if (times.length === 0) return null;
  const first = Math.min(...times.map((time) => time.getTime())) - createdAt.getTime();
  return Math.min(satisfiedMsMax, Math.max(0, first));
}
