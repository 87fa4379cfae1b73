import { describe, expect, test } from 'vitest';
import { type Compared, findImage, findMove, isLost, summarisePayload } from '../src/search/compared';

const column = (ids: string[], failure: { code: string; message: string } | null = null) => ({
  ...{ kind: 'search' as const, search: null, session: null, failure, ndcg10: null, judged10: 0 },
  hits: ids.map((itemId) => ({ itemId, score: 1 })),
});
const compared = (...columns: ReturnType<typeof column>[]): Compared => ({
  ...{ query: 'q', pairs: [], items: {}, grades: {} },
  columns,
});

describe('moves', () => {
  const two = compared(column(['a', 'b', 'c']), column(['c', 'b', 'x']));

  test('are told against the column on the left', () => {
    expect(['c', 'b', 'x'].map((id) => findMove(two, 1, id))).toEqual([
      { kind: 'up', places: 2 },
      { kind: 'same' },
      { kind: 'new' },
    ]);
    expect(findMove(two, 0, 'a')).toBeNull();
  });

  test('an item is lost when the column on the right has an answer without it', () => {
    expect([isLost(two, 0, 'a'), isLost(two, 0, 'c'), isLost(two, 1, 'x')]).toEqual([true, false, false]);
    const failed = compared(column(['a']), column([], { code: 'MODEL_NOT_FOUND', message: 'not loaded' }));
    expect(isLost(failed, 0, 'a')).toBe(false);
  });
});

describe('a payload', () => {
  test('has a picture by the name of a field or by the end of an address', () => {
    expect(findImage({ poster: 'https://x/y', other: 'https://x/z.png' })).toBe('https://x/y');
    expect(findImage({ cover: 'https://x/z.jpg?w=100' })).toBe('https://x/z.jpg?w=100');
    expect(findImage({ image: 'no address', link: 'https://x/page' })).toBeNull();
  });

  test('is summed up by its first short values', () => {
    const payload = { tags: ['a', 'b', 'c', 'd'], year: 1999, url: 'https://x', deep: { x: 1 } };
    expect(summarisePayload(payload)).toBe('a · b · c · 1999');
  });
});
