import {
  type EventGroup,
  eventGroups,
  eventWeights,
  exclusionReasons,
  meaningOf,
  type SessionEvent,
  type SessionFlag,
  type SessionTraits,
  type SessionWithEvents,
  sessionFlags,
} from '@embedding-studio/contracts';
import { sha256 } from '../content-hash.ts';

/** What became of a search, seen from what its user asked next. */
export type Continuation = 'keystroke' | 'reformulated' | null;

const satisfiedSeconds = 30;
/** Name of the event that says so, for lists that our own search made. */
const instantAnswerType = 'instant_answer';
/** Not people, or nobody any more: metrics leave them out. */
const uncounted = new Set<string>(['bot_agent', 'clicks_too_fast', 'user_too_fast', 'erased']);

export function groupOf(type: string): EventGroup {
  const meaning = meaningOf(type);
  if (meaning === 'seen' || meaning === 'rejected') return meaning;
  if (meaning === 'unknown') return 'other';
  const weight = eventWeights[type.toLowerCase()] ?? 1;
  if (weight >= 5) return 'converted';
  return weight >= 3 ? 'engaged' : 'click';
}

export function isClick({ type }: SessionEvent): boolean {
  return meaningOf(type) === 'wanted';
}

/** Whether a click stayed, or the event says more than a click does. */
export function isSatisfying(event: SessionEvent): boolean {
  const group = groupOf(event.type);
  if (group === 'engaged' || group === 'converted') return true;
  return isClick(event) && (event.dwellSeconds ?? 0) >= satisfiedSeconds;
}

/**
 * The application answered in the list itself, so that no click is good news: `searchMeta.instantAnswer` is true, or an
 * event `instant_answer` names the item that did.
 */
export function isInstantAnswer({ searchMeta, events }: Pick<SessionWithEvents, 'searchMeta' | 'events'>): boolean {
  return searchMeta?.instantAnswer === true || events.some(({ type }) => type.toLowerCase() === instantAnswerType);
}

export function describeTraits(session: SessionWithEvents, continuation: Continuation): SessionTraits {
  const groups = new Set(session.events.map(({ type }) => groupOf(type)));
  const stored = new Set(session.exclusions ?? []);
  return {
    collectionId: session.collectionId ?? null,
    modelId: session.modelId ?? null,
    events: eventGroups.filter((group) => groups.has(group)),
    flags: flagsOf(session, { groups, continuation }),
    exclusions: exclusionReasons.filter((reason) => stored.has(reason)),
  };
}

function flagsOf(
  session: SessionWithEvents,
  { groups, continuation }: { groups: ReadonlySet<EventGroup>; continuation: Continuation },
): SessionFlag[] {
  const clicks = session.events.filter(isClick);
  const isAnswered = session.shown.length > 0;
  const isClicked = clicks.length > 0;
  const stays = session.events.flatMap(({ dwellSeconds }) => dwellSeconds ?? []);
  const isKeystroke = continuation === 'keystroke' && session.events.length === 0;
  const isInstant = isInstantAnswer(session);
  const isReformulated = !isKeystroke && continuation === 'reformulated';
  const holds: Record<SessionFlag, boolean> = {
    counted: !isKeystroke && !(session.exclusions ?? []).some((reason) => uncounted.has(reason)),
    keystroke: isKeystroke,
    answered: isAnswered,
    zeroResult: !isAnswered,
    clicked: isClicked,
    noClick: isAnswered && !isClicked,
    satisfied: session.events.some(isSatisfying),
    dwelt: stays.length > 0,
    converted: groups.has('converted'),
    reformulated: isReformulated,
    abandoned: isAnswered && !isClicked && !isKeystroke && !isReformulated && !isInstant,
    irrelevant: session.isIrrelevant,
    instantAnswer: isInstant,
    identified: session.userId !== undefined,
  };
  return sessionFlags.filter((flag) => holds[flag]);
}

export function keyOfTraits({ collectionId, modelId, events, flags, exclusions }: SessionTraits): string {
  return sha256(JSON.stringify([collectionId, modelId, events, flags, exclusions])).slice(0, 10);
}
