import type { LabelledImpression, SessionWithEvents } from '@embedding-studio/contracts';
import { describe, expect, it } from 'vitest';
import { labelSessions, rowsToTrainingQueries, sessionsToTrainingQueries } from '../../src/clicks/index.ts';
import { createRandom } from '../../src/ranking/index.ts';
import { at, makeSession, type SessionCase } from './session-cases.ts';

const label = (given: SessionCase[], options = {}) => [...labelSessions(given.map(makeSession), options).rows];
const only = (given: SessionCase, options = {}) => label([given], options)[0] ?? [];
const told = (rows: readonly LabelledImpression[]) => rows.map((row) => `${row.itemId} ${row.label} ${row.why}`);

describe('labels', () => {
  it('keep what nobody is known to have looked at apart from what was passed over', () => {
    expect(told(only({ clicked: ['a', 'c'] }))).toEqual([
      'a clicked click',
      'b skipped above_click',
      'c clicked click',
      'd skipped next_below',
      'e unobserved not_examined',
      'f unobserved not_examined',
    ]);
  });

  it('tell a no from a skip, and what was seen from what lies below', () => {
    const rows = only({
      events: [{ itemId: 'a' }, { itemId: 'b', type: 'dislike' }, { itemId: 'e', type: 'seen' }],
    });
    expect(told(rows)).toEqual([
      'a clicked click',
      'b rejected said_no',
      'c unobserved not_examined',
      'd unobserved not_examined',
      'e skipped seen',
      'f unobserved not_examined',
    ]);
    expect(rows.map(({ weight }) => weight)).toEqual([0.5, 1, 0, 0, 1, 0]);
    expect(rows[1]?.event).toBe('dislike');
  });

  it('say of a click what it was, how long it lasted and whether it was the last', () => {
    const rows = only({
      events: [
        { itemId: 'a', dwellSeconds: 2, createdAt: at(1) },
        { itemId: 'b', type: 'Purchase', dwellSeconds: 40, createdAt: at(2) },
      ],
    });
    expect(rows[0]).toMatchObject({ why: 'quick_back', dwellSeconds: 2, satisfaction: 0.1, event: 'click' });
    expect(rows[1]).toMatchObject({ why: 'last_click', dwellSeconds: 40, event: 'purchase' });
  });

  it('name places and propensities only where the order says something', () => {
    const propensities = [1, 0.5, 0.25];
    const facts = (searchMeta?: Record<string, unknown>) =>
      only({ clicked: ['a', 'd'], searchMeta }, { propensities })
        .slice(0, 4)
        .map(({ position, propensity, order }) => [position, propensity, order]);
    expect(facts()).toEqual([
      [1, 1, 'ranked'],
      [2, 0.5, 'ranked'],
      [3, 0.25, 'ranked'],
      [4, 0.25, 'ranked'],
    ]);
    expect(facts({ order: 'random' })[1]).toEqual([2, null, 'random']);
    expect(facts({ order: 'unknown' })[1]).toEqual([null, null, 'unknown']);
    expect(only({ clicked: ['a'] })[0]?.propensity).toBeNull();
  });

  it('weigh by inverse propensity what was as satisfying, and keep both numbers', () => {
    const rows = only({ clicked: ['a', 'c'] }, { propensities: [1, 0.5, 0.25] });
    const [first, third] = [rows[0], rows[2]];
    expect([first?.satisfaction, third?.satisfaction]).toEqual([0.5, 0.5]);
    expect((third?.weight ?? 0) / (first?.weight ?? 1)).toBeCloseTo(4, 9);
  });

  it('take the whole list where its order says nothing', () => {
    expect(only({ clicked: ['a'], searchMeta: { order: 'random' } }).map(({ why }) => why)).toEqual([
      'click',
      ...Array(5).fill('whole_list'),
    ]);
  });
});

describe('lists without a click', () => {
  const none: SessionCase = { id: 'none', clicked: [], userId: 'ann' };

  it('give weak negatives for the top three when their user asked something else within a minute', () => {
    const [rows = []] = label([
      none,
      { id: 'next', query: 'red boots', userId: 'ann', minute: 0.5, clicked: ['z'], shown: ['z'] },
    ]);
    expect(told(rows).slice(0, 4)).toEqual([
      'a skipped no_click_top3',
      'b skipped no_click_top3',
      'c skipped no_click_top3',
      'd unobserved not_examined',
    ]);
    expect(Math.max(...rows.map(({ weight }) => weight))).toBe(0.2);
    expect(rowsToTrainingQueries([rows])).toEqual([]);
  });

  it('say nothing when they were left for good, asked again much later, or by nobody in particular', () => {
    const later: SessionCase = { id: 'next', query: 'red boots', userId: 'ann', minute: 5 };
    expect(label([none])).toEqual([]);
    expect(label([none, later])).toHaveLength(1);
    expect(
      label([
        { ...none, userId: undefined },
        { ...later, minute: 0.5, userId: undefined },
      ]),
    ).toHaveLength(1);
  });

  it('are no evidence while their user was typing', () => {
    const typed = { ...none, query: 'red sho' };
    const { rows, dropped } = labelSessions(
      [typed, { ...none, id: 'x', query: 'red shoes', minute: 0.05, clicked: ['a'] }].map(makeSession),
    );
    expect([...rows]).toHaveLength(1);
    expect(dropped).toEqual({ keystroke: 1 });
  });
});

describe('lists marked as irrelevant', () => {
  const marked: SessionCase = { id: 'no', clicked: [], isIrrelevant: true };

  it('are noes to what was not clicked for the same query', () => {
    const [, rows = []] = label([{ clicked: ['b'] }, marked]);
    expect(told(rows).slice(0, 2)).toEqual(['a rejected list_marked', 'b rejected wanted_elsewhere']);
    expect(rows[1]?.weight).toBe(0);
    expect(label([marked])).toEqual([]);
  });
});

describe('training queries', () => {
  it('are what the rows say, for any sessions', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const sessions = drawSessions(seed, 40);
      const options = { propensities: [1, 0.8, 0.6, 0.4], shrinkClicks: 3 };
      const { queries, dropped } = sessionsToTrainingQueries(sessions, options);
      const labelled = labelSessions(sessions, options);
      const rows = [...labelled.rows];
      expect(rowsToTrainingQueries(rows)).toEqual(queries);
      expect(labelled.dropped).toEqual(dropped);
      const bySession = new Map(rows.map((own) => [own[0]?.sessionId, own]));
      for (const query of queries) {
        const own = bySession.get(query.queryId) ?? [];
        expect(new Set(own.map(({ itemId }) => itemId)).size).toBe(own.length);
        for (const { label: found, itemId } of own) {
          expect(query.clicked.some((click) => click.itemId === itemId)).toBe(found === 'clicked');
          if (found === 'skipped' || found === 'rejected') expect(query.skipped).toContain(itemId);
        }
      }
      const left = Object.values(dropped).reduce((sum, count) => sum + count, 0);
      const usedMarks = rows.filter((own) =>
        own.some(({ why }) => why === 'list_marked' || why === 'wanted_elsewhere'),
      );
      expect(queries.length + left + usedMarks.length).toBe(sessions.length);
    }
  });
});

function drawSessions(seed: number, count: number): SessionWithEvents[] {
  const random = createRandom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const items = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  return Array.from({ length: count }, (_, index) => {
    const shown = items.filter(() => random() < 0.8);
    const types = ['click', 'click', 'purchase', 'seen', 'dislike', 'other'];
    const events = shown.filter(() => random() < 0.3).map((itemId) => ({ itemId, type: pick(types) }));
    return makeSession({
      ...{ id: `s${index}`, query: pick(['red shoes', 'Red Shoes!', 'boots', 'boot', 'red']), shown, events },
      userId: pick(['ann', 'bob', undefined]),
      minute: index / 30,
      isIrrelevant: random() < 0.1,
      searchMeta: pick([undefined, { order: 'random' }, { order: 'unknown' }]),
    });
  });
}
