import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromMlflowKey, toMlflowKey } from '../../src/mlflow/metric-keys.ts';

it('writes names as the server takes them, readable where they can be', () => {
  expect(toMlflowKey('val/ndcg@10')).toBe('val/ndcg_at_10');
  expect(toMlflowKey('loss.train')).toBe('loss.train');
});

it('gives every name back as it was', () => {
  const part = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('_at_', '_x40_', '@', '_', 'x5f_', '$'));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const key = parts.join('');
      expect(toMlflowKey(key)).toMatch(/^[\w\-. /]*$/);
      expect(fromMlflowKey(toMlflowKey(key))).toBe(key);
    }),
  );
});
