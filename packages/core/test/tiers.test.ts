import type { SessionWithEvents } from '@embedding-studio/contracts';
import { expect, it } from 'vitest';
import { lacksEvidence } from '../src/evaluation/lacks-evidence.ts';
import { splitForTiers } from '../src/tiers/split-for-tiers.ts';

const sessionsOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => {
    const number = from + at;
    // Two sessions a query, spelled in two ways.
    const query = number % 2 === 0 ? `lamp ${number}` : `${number - 1} Lamp!`;
    return { sessionId: `s${number}`, query } as SessionWithEvents;
  });
const idsOf = (sessions: readonly SessionWithEvents[]) => sessions.map(({ sessionId }) => sessionId);
const queriesOf = (sessions: readonly SessionWithEvents[]) =>
  new Set(sessions.map(({ query }) => query.match(/\d+/)?.[0]));

it('tiers are compared on queries that the gate does not ask, in whatever spelling, and nothing is lost', () => {
  const given = { train: sessionsOf(500, 600), heldOut: sessionsOf(0, 120), heldOutUnseen: sessionsOf(120, 200) };
  const { split, judged, isApart } = splitForTiers(given, 7);
  expect(isApart).toBe(true);
  expect(split.train).toBe(given.train);
  const ofGate = [...split.heldOut, ...split.heldOutUnseen];
  const ofTiers = [...judged.heldOut, ...judged.heldOutUnseen];
  expect([...queriesOf(ofGate)].filter((query) => queriesOf(ofTiers).has(query))).toEqual([]);
  expect(ofTiers.length).toBe(ofGate.length);
  expect(idsOf([...ofGate, ...ofTiers]).sort()).toEqual(idsOf(sessionsOf(0, 200)).sort());
  expect(idsOf(judged.heldOutUnseen).every((id) => idsOf(given.heldOutUnseen).includes(id))).toBe(true);
  expect(splitForTiers(given, 7)).toEqual({ split, judged, isApart });
});

it('too few to share are asked by both, and that is said', () => {
  const few = { train: [], heldOut: sessionsOf(0, 140), heldOutUnseen: sessionsOf(140, 190) };
  expect(splitForTiers(few, 7)).toEqual({ split: few, judged: few, isApart: false });
});

const time = new Date(0);
const clicked = (sessions: readonly SessionWithEvents[], itemOf: (at: number) => string) =>
  sessions.map((session, at) => {
    const itemId = itemOf(at);
    const events = [
      { eventId: 'e', sessionId: session.sessionId, itemId, type: 'click', createdAt: time, receivedAt: time },
    ];
    return {
      ...session,
      shown: [{ itemId }],
      isIrrelevant: false,
      createdAt: new Date(0),
      events,
    } as unknown as SessionWithEvents;
  });

it.each([
  { known: 18, unseen: 1, says: '19 held-out queries cannot prove a gain: the gate asks for 20' },
  { known: 40, unseen: 19, says: '19 held-out queries about unseen items cannot show' },
  { known: 40, unseen: 20, says: null },
  { known: 0, unseen: 20, says: null },
])('the encoder is worth training with $known queries about known and $unseen about unseen items: $says', (given) => {
  const train = clicked(sessionsOf(0, 10), () => 'known');
  // Sessions come in pairs that ask one query: in the same words here.
  const pairs = (from: number, queries: number) =>
    sessionsOf(from, from + 2 * queries).map((session, at, all) => ({
      ...session,
      query: all[at - (at % 2)]?.query ?? '',
    }));
  const heldOut = clicked(pairs(100, given.known), () => 'known');
  const heldOutUnseen = clicked(pairs(500, given.unseen), (at) => `new ${at}`);
  const why = lacksEvidence({ train, heldOut, heldOutUnseen });
  if (given.says === null) expect(why).toBeNull();
  else expect(why).toContain(given.says);
});
