import { describe, expect, it } from 'vitest';
import { diffDetail, otherDetail } from '../src/settings/audit-diff.ts';

describe('the diff of an audit row', () => {
  it('names the fields that differ, nested ones by their path, and no others', () => {
    const detail = {
      before: { role: 'viewer', limits: { rate: 1, burst: 2 }, tags: ['a'] },
      after: { role: 'admin', limits: { rate: 1, burst: 3 }, tags: ['a'], note: 'new' },
      requestId: 'r',
    };
    expect(diffDetail(detail)).toEqual([
      { field: 'role', before: '"viewer"', after: '"admin"' },
      { field: 'limits.burst', before: '2', after: '3' },
      { field: 'note', before: null, after: '"new"' },
    ]);
    expect(otherDetail(detail)).toEqual({ requestId: 'r' });
  });

  it('is none where the row has no pair', () => {
    expect(diffDetail({ before: { a: 1 } })).toBeNull();
    expect(otherDetail({ before: { a: 1 } })).toEqual({ before: { a: 1 } });
  });
});
