import type { SessionWithEvents } from '@embedding-studio/contracts';
import { describe, expect, it } from 'vitest';
import { countByRank, countImpressions, readPages } from '../../src/bias/index.ts';
import { at, makeSession } from '../clicks/session-cases.ts';

const outcomes = (session: SessionWithEvents) =>
  readPages([session]).pages[0]?.items.map(({ itemId, rank, outcome }) => `${itemId}${rank} ${outcome}`);

describe('readPages', () => {
  it('tells clicked, passed and unseen apart, the last only by the viewport', () => {
    const shown = ['a', 'b', 'c', 'd'];
    expect(outcomes(makeSession({ shown, clicked: ['b'] }))).toEqual([
      'a1 passed',
      'b2 clicked',
      'c3 passed',
      'd4 passed',
    ]);
    const seen = makeSession({ shown, events: [{ itemId: 'a' }, { itemId: 'c', type: 'seen' }] });
    expect(outcomes(seen)).toEqual(['a1 clicked', 'b2 passed', 'c3 passed', 'd4 unseen']);
  });

  it('takes what lies below the rendered page for no impression', () => {
    const found = readPages([makeSession({ clicked: ['b'], searchMeta: { rendered: 4 } })]);
    expect(found.pages[0]?.items.map(({ itemId }) => itemId)).toEqual(['a', 'b', 'c', 'd']);
    expect(found.unrendered).toBe(2);
  });

  it('counts ranks over all pages: by stored position, else from the offset', () => {
    const paged = makeSession({ shown: ['a', 'b'], clicked: ['b'], searchMeta: { offset: 20 } });
    expect(outcomes(paged)).toEqual(['a21 passed', 'b22 clicked']);
    const placed = makeSession({ shown: ['a', 'b'], clicked: ['b'], searchMeta: { offset: 20 } });
    placed.shown = placed.shown.map((result, index) => ({ ...result, position: 8 - index }));
    expect(outcomes(placed)).toEqual(['b7 clicked', 'a8 passed']);
  });

  it('keeps lists nobody clicked on, and counts what it leaves out by reason', () => {
    const half = makeSession({ id: 'half' });
    half.shown = half.shown.map((result, index) => (index > 2 ? result : { ...result, position: index + 1 }));
    const found = readPages([
      makeSession({ id: 'none', clicked: [] }),
      makeSession({ id: 'outside', query: 'x', clicked: ['z'] }),
      makeSession({ id: 'unknown', query: 'y', searchMeta: { order: 'unknown' } }),
      half,
    ]);
    expect(found.pages).toHaveLength(1);
    expect(found.dropped).toEqual({ clicks_outside_list: 1, positions_unknown: 2 });
  });

  it('keeps the last query of a chain of keystrokes', () => {
    const typed = (id: string, query: string, [second, ...clicked]: [number, ...string[]]) => ({
      ...makeSession({ id, query, clicked, userId: 'ann' }),
      createdAt: at(second),
    });
    const found = readPages([
      typed('1', 'sho', [0]),
      typed('2', 'shoe', [2]),
      typed('3', 'sheos', [4]),
      typed('4', 'shoes', [6, 'a']),
      typed('5', 'shoes red', [30, 'b']),
    ]);
    expect(found.pages.map(({ query }) => query)).toEqual(['shoes', 'shoes red']);
    expect(found.dropped).toEqual({ keystroke: 3 });
  });

  it('does not take two visitors without a name, or a list that was used, for one typing', () => {
    const early = { ...makeSession({ id: '1', query: 'sho', clicked: [] }), createdAt: at(0) };
    const late = { ...makeSession({ id: '2', query: 'shoe', clicked: [] }), createdAt: at(1) };
    expect(readPages([early, late]).pages).toHaveLength(2);
    const used = { ...makeSession({ id: '1', query: 'sho', clicked: ['a'], userId: 'ann' }), createdAt: at(0) };
    expect(readPages([used, { ...late, userId: 'ann' }]).pages).toHaveLength(2);
  });

  it('counts by query, item and rank, and what lies below the table', () => {
    const { pages } = readPages([
      makeSession({ id: '1', query: 'Shoes!', clicked: ['b'] }),
      makeSession({ id: '2', query: 'shoes', shown: ['b', 'a', 'c'], clicked: ['b'] }),
    ]);
    const table = countImpressions(pages, 5);
    expect(table.queries).toEqual(['shoes']);
    expect([table.pairs.itemIds.length, table.ranks, table.beyond]).toEqual([5, 5, 1]);
    expect(countByRank(table)).toEqual({ shown: [2, 2, 2, 1, 1], clicks: [1, 1, 0, 0, 0] });
    expect(countByRank(table, [3]).clicks).toEqual([3, 3, 0, 0, 0]);
  });
});
