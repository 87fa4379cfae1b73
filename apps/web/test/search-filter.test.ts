import type { Filter } from '@embedding-studio/contracts';
import { Filter as FilterSchema } from '@embedding-studio/contracts';
import { describe, expect, test } from 'vitest';
import { type FilterRows, filterToRows, rowsToFilter } from '../src/search/filter-rows';

const rows = (join: 'all' | 'any', ...given: [string, string, string, boolean?][]): FilterRows => ({
  join,
  rows: given.map(([field, operator, value, isNot = false]) => {
    return { field, operator, value, isNot } as FilterRows['rows'][number];
  }),
});

describe('the filter builder', () => {
  test.each<[FilterRows, Filter]>([
    [rows('all', ['colour', 'is', 'red']), { term: { field: 'colour', value: 'red' } }],
    [rows('all', ['year', 'is', '1999']), { term: { field: 'year', value: 1999 } }],
    [rows('all', ['year', 'is', '"1999"']), { term: { field: 'year', value: '1999' } }],
    [rows('all', ['genre', 'isOneOf', 'War, Drama']), { terms: { field: 'genre', values: ['War', 'Drama'] } }],
    [
      rows('any', ['price', 'atMost', '10'], ['sale', 'is', 'true'], ['gone', 'exists', '', true]),
      {
        bool: {
          should: [{ range: { field: 'price', range: { lte: 10 } } }, { term: { field: 'sale', value: true } }],
          must_not: [{ exists: { field: 'gone' } }],
        },
      },
    ],
  ])('says the same as lines and as a filter: %#', (lines, filter) => {
    expect(rowsToFilter(lines)).toEqual(filter);
    expect(FilterSchema.parse(filter)).toEqual(filter);
    expect(filterToRows(filter)).toEqual(lines);
  });

  test('leaves out lines that are not complete', () => {
    expect(rowsToFilter(rows('all', ['', 'is', 'red'], ['colour', 'is', ' ']))).toBeUndefined();
  });

  test('says so when a filter is beyond it', () => {
    const leaf: Filter = { exists: { field: 'a' } };
    expect(filterToRows({ bool: { must: [{ bool: { must: [leaf] } }] } })).toBeNull();
    expect(filterToRows({ bool: { must: [leaf], should: [leaf] } })).toBeNull();
    expect(filterToRows({ exists: { field: 'id', forceNotPayload: true } })).toBeNull();
    expect(filterToRows({ range: { field: 'year', range: { gte: 1, lte: 2 } } })).toBeNull();
  });
});
