import type { ItemRecord, VectorRow } from '@embedding-studio/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeVectorChunk, encodeVectorChunk, vectorChunkKey } from '../src/rollout/vector-cache.ts';

const item = (id: string, contentHash: string): ItemRecord => ({
  id,
  contentHash,
  title: '',
  body: '',
  payload: {},
  parts: ['x'],
});

describe('vector chunks', () => {
  test('what is stored is read back bit by bit, also ids outside ASCII and values that are no round numbers', () => {
    const values = fc.float32Array({ minLength: 3, maxLength: 3, noNaN: true });
    const row = fc.record({ itemId: fc.string({ unit: 'grapheme' }), contentHash: fc.string(), vector: values });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        const chunk: VectorRow[] = rows.map((one, ordinal) => ({ ...one, ordinal }));
        expect(decodeVectorChunk(encodeVectorChunk(chunk))).toEqual(chunk);
      }),
    );
  });

  test('a chunk that is cut short is refused', () => {
    const bytes = encodeVectorChunk([{ itemId: 'a', contentHash: 'h', ordinal: 0, vector: new Float32Array([1, 2]) }]);
    expect(() => decodeVectorChunk(bytes.subarray(0, bytes.length - 1))).toThrow('cut short');
  });

  test('the name changes with the content of any item', () => {
    const key = vectorChunkKey('models/m/', [item('a', '1'), item('b', '1')]);
    expect(key.startsWith('models/m/vectors/')).toBe(true);
    expect(vectorChunkKey('models/m/', [item('a', '1'), item('b', '2')])).not.toBe(key);
    expect(vectorChunkKey('models/m/', [item('a', '1'), item('b', '1')])).toBe(key);
  });
});
