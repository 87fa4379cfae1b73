import { isStudioError } from '@embedding-studio/contracts';
import { describe, expect, it } from 'vitest';
import { checkJsonDepth } from '../src/json-depth.ts';

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

function fieldOf(text: string, depthMax: number): string | undefined {
  try {
    checkJsonDepth(text, depthMax);
  } catch (error) {
    if (isStudioError(error) && error.code === 'INPUT_INVALID') return error.field;
    throw error;
  }
  return undefined;
}

describe('the depth of a JSON body', () => {
  it('is counted in arrays and objects', () => {
    expect(fieldOf(nested(5), 5)).toBeUndefined();
    expect(fieldOf(nested(6), 5)).toBe('body');
    expect(fieldOf('[{"a":[{}]},[1],[2]]', 4)).toBeUndefined();
    expect(fieldOf('[{"a":[{}]},[1],[2]]', 3)).toBe('body');
  });

  it('does not grow by brackets inside of texts', () => {
    for (const text of ['"[[[[["', '{"a\\"[[[": "]{{\\\\"}', '["\\\\\\"[[[["]'])
      expect(fieldOf(text, 2)).toBeUndefined();
  });

  it('is refused by the name of the field that goes too deep', () => {
    expect(fieldOf(`{"limit": [[1]], "filter": {"bool": ${nested(4)}}}`, 5)).toBe('filter');
    expect(fieldOf(`{"limit": 1, "filter": ${nested(10_000)}}`, 32)).toBe('filter');
  });

  it('is refused before a text is parsed, also when it is no JSON', () => {
    expect(fieldOf('['.repeat(4_000_000), 32)).toBe('body');
    expect(fieldOf('{"a": "never ends', 32)).toBeUndefined();
    expect(fieldOf(']]]]]][[', 2)).toBeUndefined();
  });
});
