import type { Candidate } from '@embedding-studio/contracts';
import { describe, expect, test } from 'vitest';
import { joinLegs, legDepth } from '../src/rollout/gate/join-legs.ts';
import { packVectors, scoreAllItems } from '../src/rollout/gate/vector-side.ts';

const row = (itemId: string, ordinal: number, vector: number[]) => ({
  itemId,
  ordinal,
  contentHash: 'h',
  vector: Float32Array.from(vector),
});
const word = (itemId: string, lexical: number): Candidate => ({ itemId, lexical, lexicalScale: 9, cosine: null });

describe('the legs of the gate', () => {
  test('an item counts by its best part', () => {
    const side = packVectors([row('a', 0, [1, 0]), row('a', 1, [0, 1]), row('b', 0, [0.6, 0.8])]);
    const scores = scoreAllItems(side, Float32Array.from([0, 1]));
    expect(side.itemIds).toEqual(['a', 'b']);
    expect(scores[0]).toBeCloseTo(1);
    expect(scores[1]).toBeCloseTo(0.8);
  });

  test('both legs are joined with both scores; an item without vector has no cosine', () => {
    const side = packVectors([row('a', 0, [1, 0]), row('b', 0, [0, 1])]);
    const joined = joinLegs({ side, query: Float32Array.from([1, 0]), lexical: [word('b', 5), word('c', 3)] });
    const byId = new Map(joined.map((candidate) => [candidate.itemId, candidate]));
    expect(byId.get('a')).toEqual({ itemId: 'a', cosine: 1, lexical: 0, lexicalScale: 9 });
    expect(byId.get('b')).toEqual({ itemId: 'b', cosine: 0, lexical: 5, lexicalScale: 9 });
    expect(byId.get('c')).toEqual({ itemId: 'c', cosine: null, lexical: 3, lexicalScale: 9 });
  });

  test('each leg gives as many items as a search looks at', () => {
    const rows = Array.from({ length: 300 }, (_, index) =>
      row(`i${index}`, 0, [Math.cos(index / 300), Math.sin(index / 300)]),
    );
    const joined = joinLegs({ side: packVectors(rows), query: Float32Array.from([1, 0]), lexical: [] });
    expect(joined.map(({ itemId }) => itemId)).toEqual(Array.from({ length: legDepth }, (_, index) => `i${index}`));
  });
});
