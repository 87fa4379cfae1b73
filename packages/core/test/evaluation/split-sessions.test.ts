import type { SessionWithEvents } from '@embedding-studio/contracts';
import { normaliseQuery } from '@embedding-studio/ml/clicks';
import { createRandom } from '@embedding-studio/ml/ranking';
import { countEdits } from '@embedding-studio/ml/text';
import { describe, expect, it } from 'vitest';
import { groupQueries, rankClickedItems, segmentQuery, splitSessions } from '../../src/evaluation/index.ts';

const time = new Date(0);

function session(id: string, query: string, clicked: string[]): SessionWithEvents {
  const events = clicked.map((itemId, index) => ({
    sessionId: id,
    eventId: `${id}-${index}`,
    itemId,
    type: 'click',
    createdAt: time,
    receivedAt: time,
  }));
  const shown = clicked.map((itemId) => ({ itemId }));
  return {
    sessionId: id,
    query,
    shown,
    createdAt: time,
    isIrrelevant: false,
    batchId: 'b',
    sessionNumber: 1,
    events,
  };
}

/** Words far from one another, so that only equal queries form a group. */
function drawSessions(count: number, seed = 1): SessionWithEvents[] {
  const random = createRandom(seed);
  const word = () => Math.floor(random() * 1e12).toString(36);
  const queries = Array.from({ length: Math.ceil(count / 2) }, () => `${word()} ${word()}`);
  return Array.from({ length: count }, (_, index) => {
    const clicked = Array.from({ length: 1 + Math.floor(random() * 2) }, () => `i${Math.floor(random() * 200)}`);
    return session(`s${index}`, queries[Math.floor(index / 2)] ?? '', [...new Set(clicked)]);
  });
}

const options = { heldOutShare: 0.2, unseenItemShare: 0.05, seed: 7 };
const clicksOf = (sessions: readonly SessionWithEvents[]) =>
  new Set(sessions.flatMap(({ events }) => events.map(({ itemId }) => itemId)));

describe('groupQueries', () => {
  it('joins spellings of one query and keeps sequels apart', () => {
    const texts = [
      'Black Adam',
      'black adam!',
      'adam black',
      'blck adam',
      'black atam',
      'black adam black',
      'black adam 2',
      'black adam 3',
      'up',
    ];
    const groups = groupQueries(texts);
    expect(new Set(groups.slice(0, 6)).size).toBe(1);
    expect(new Set(groups.slice(5)).size).toBe(4);
  });
});

describe('splitSessions', () => {
  it('puts every session on exactly one side and every query on one side only', () => {
    const sessions = drawSessions(400);
    const { train, heldOut, heldOutUnseen } = splitSessions(sessions, options);
    const ids = [...train, ...heldOut, ...heldOutUnseen].map(({ sessionId }) => sessionId);
    expect(ids.sort()).toEqual(sessions.map(({ sessionId }) => sessionId).sort());
    const trained = new Set(train.map(({ query }) => query));
    expect([...heldOut, ...heldOutUnseen].filter(({ query }) => trained.has(query))).toEqual([]);
    expect(train.length).toBeGreaterThan(200);
  });

  it('training never clicks what a held-out unseen query wants, and there are such queries', () => {
    const { train, heldOut, heldOutUnseen } = splitSessions(drawSessions(400), options);
    const trained = clicksOf(train);
    expect(heldOutUnseen.length).toBeGreaterThan(3);
    for (const unseen of heldOutUnseen)
      expect([...clicksOf([unseen])].filter((itemId) => trained.has(itemId))).toEqual([]);
    for (const seen of heldOut) expect([...clicksOf([seen])].some((itemId) => trained.has(itemId))).toBe(true);
  });

  it('holds out exactly the validation sessions where there are any, besides unseen items', () => {
    const sessions = drawSessions(200);
    const marked = sessions.slice(0, 20).map((one) => ({ ...one, searchMeta: { split: 'validation' } }));
    const none = splitSessions([...marked, ...sessions.slice(20)], { ...options, unseenItemShare: 0 });
    const heldOut = [...none.heldOut, ...none.heldOutUnseen].map(({ sessionId }) => sessionId);
    expect(heldOut.sort()).toEqual(marked.map(({ sessionId }) => sessionId).sort());
    const some = splitSessions([...marked, ...sessions.slice(20)], options);
    expect(some.train.length).toBeLessThan(none.train.length);
    expect(some.heldOutUnseen.length).toBeGreaterThan(none.heldOutUnseen.length);
  });

  it('takes a training session away that asks what a validation session asks', () => {
    const marked = { ...session('v', 'Red shoes', ['a']), searchMeta: { split: 'validation' } };
    const split = splitSessions([marked, session('t', 'red shoes', ['b'])], {
      ...options,
      unseenItemShare: 0,
    });
    expect(split.train).toEqual([]);
  });

  it('never declares a popular item unseen, which would cost much of the training', () => {
    const popular = Array.from({ length: 60 }, (_, index) =>
      session(`p${index}`, `${index * 7919} words ${index}`, ['hit']),
    );
    const rest = drawSessions(200);
    for (let seed = 0; seed < 20; seed++) {
      const { train } = splitSessions([...popular, ...rest], { heldOutShare: 0.1, unseenItemShare: 0.3, seed });
      expect(clicksOf(train).has('hit')).toBe(true);
    }
  });

  it('stops taking training away once unseen queries are evidence enough', () => {
    const sessions = Array.from({ length: 4000 }, (_, index) =>
      session(`s${index}`, `${index * 7919}x ${index}`, [`i${index % 1500}`]),
    );
    const { train, heldOutUnseen } = splitSessions(sessions, { heldOutShare: 0, unseenItemShare: 0.5, seed: 1 });
    expect(heldOutUnseen.length).toBeGreaterThanOrEqual(600);
    expect(heldOutUnseen.length).toBeLessThan(610);
    expect(train.length + heldOutUnseen.length).toBe(4000);
  });

  it('is decided by the seed alone', () => {
    const sessions = drawSessions(100);
    expect(splitSessions(sessions, options)).toEqual(splitSessions(sessions, options));
    expect(splitSessions(sessions, options)).not.toEqual(splitSessions(sessions, { ...options, seed: 8 }));
  });
});

describe('train and held-out sides', () => {
  it('share no query, nor one that differs by a letter, word order or repetition: for any sessions', () => {
    for (let seed = 1; seed <= 25; seed++) {
      const sessions = drawVariants(seed, 160);
      const { train, heldOut, heldOutUnseen } = splitSessions(sessions, { ...options, seed });
      const trained = [...new Set(train.map(({ query }) => normaliseQuery(query)))];
      const asked = [...new Set([...heldOut, ...heldOutUnseen].map(({ query }) => normaliseQuery(query)))];
      expect(trained.length).toBeGreaterThan(0);
      expect(asked.length).toBeGreaterThan(0);
      expect(
        asked.flatMap((one) => trained.filter((other) => areNear(one, other)).map((other) => [one, other])),
      ).toEqual([]);
    }
  });
});

const wordsOf = (text: string) => [...new Set(text.split(' '))].sort().join(' ');

/** Said anew, so that the grouping is not judged by itself: one letter typed too much, too little or wrongly, or the same words. */
function areNear(one: string, other: string): boolean {
  if (wordsOf(one) === wordsOf(other)) return true;
  if (Math.min(one.length, other.length) < 6 || countEdits(one, other, 1) > 1) return false;
  const start = [...one].findIndex((letter, at) => letter !== other[at]);
  const at = start === -1 ? one.length : start;
  const touched = one.length === other.length ? [one[at], other[at]] : [(one.length > other.length ? one : other)[at]];
  return !touched.some((letter) => /\d/.test(letter ?? ''));
}

/** Queries of few words in many spellings: doubled, swapped, with a letter too many, too few, wrong, and sequels. */
function drawVariants(seed: number, count: number): SessionWithEvents[] {
  const random = createRandom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const letters = [...'abcdefghij klmnop23'];
  const word = () => Array.from({ length: 3 + Math.floor(random() * 5) }, () => pick(letters.slice(0, 10))).join('');
  const roots = Array.from({ length: 50 }, () => `${word()} ${word()}${pick(['', ' 2', ' 3'])}`);
  const change = (text: string): string => {
    const at = Math.floor(random() * text.length);
    const changed = [
      text,
      text.toUpperCase(),
      text.split(' ').toReversed().join(' '),
      `${text} ${text.split(' ')[0]}`,
      text.slice(0, at) + text.slice(at + 1),
      text.slice(0, at) + pick(letters) + text.slice(at),
      text.slice(0, at) + pick(letters) + text.slice(at + 1),
      text.replaceAll(' ', '-'),
    ];
    return pick(changed);
  };
  return Array.from({ length: count }, (_, index) => {
    const query = change(random() < 0.3 ? change(pick(roots)) : pick(roots));
    return session(`s${index}`, query, [`i${Math.floor(random() * 300)}`]);
  });
}

describe('segmentQuery', () => {
  it('tells head from tail and seen from unseen by training clicks', () => {
    const trained = rankClickedItems([
      ...Array.from({ length: 9 }, (_, index) => session(`h${index}`, `q${index}`, ['hit'])),
      ...['b', 'c', 'd', 'e'].map((itemId) => session(itemId, itemId, [itemId])),
    ]);
    const judged = (...wanted: string[]) => ({
      queryId: 'q',
      text: 'q',
      relevant: Object.fromEntries(wanted.map((itemId) => [itemId, 1])),
      judged: wanted,
    });
    expect(segmentQuery(judged('hit', 'new'), trained)).toEqual({ isUnseen: false, segments: ['head'] });
    expect(segmentQuery(judged('e'), trained)).toEqual({ isUnseen: false, segments: ['tail'] });
    expect(segmentQuery(judged('new'), trained)).toEqual({ isUnseen: true, segments: ['tail'] });
  });
});
