import { FieldMapping, type SourceRecord } from '@embedding-studio/contracts';
import { describe, expect, test } from 'vitest';
import { itemIdOf, mapRecord } from '../../src/data-source/map-record.ts';

const mapping = (given: Partial<FieldMapping>) => FieldMapping.parse(given);
const record: SourceRecord = {
  key: 'films.jsonl#3',
  fields: {
    uid: 17,
    name: 'Solaris',
    'a.b': 'literal',
    a: { b: 'nested', c: [{ d: 'deep' }] },
    tags: ['space', 'sea', 3],
    plot: { de: 'Ein Planet' },
    poster: new Uint8Array(3),
    none: null,
  },
};

describe('mapRecord', () => {
  test('fields are taken by dotted path; a field of exactly that name comes first', () => {
    const item = mapRecord(
      record,
      mapping({ id: 'uid', title: 'name', text: ['a.c.0.d', 'a.b', 'missing', 'none', 'tags'], payload: {} }),
    );
    expect(item).toEqual({ id: '17', title: 'Solaris', text: 'deep\nliteral\nspace, sea, 3', payload: {} });
  });

  test('without a mapping the key is the id and every field but binary ones is payload', () => {
    const item = mapRecord(record, mapping({}));
    expect(item).toMatchObject({ id: 'films.jsonl#3', title: '', text: '' });
    expect(Object.keys(item.payload)).toEqual(['uid', 'name', 'a.b', 'a', 'tags', 'plot', 'none']);
  });

  test('what is id, title or text is not payload too; named payload fields are taken by path', () => {
    const rest = mapRecord(record, mapping({ id: 'uid', title: 'name', text: ['plot', 'tags'] }));
    expect(Object.keys(rest.payload)).toEqual(['a.b', 'a', 'none']);
    expect(rest.text).toBe('{"de":"Ein Planet"}\nspace, sea, 3');
    const named = mapRecord(record, mapping({ payload: { genre: 'tags', german: 'plot.de', no: 'plot.fr' } }));
    expect(named.payload).toEqual({ genre: ['space', 'sea', 3], german: 'Ein Planet' });
  });

  test('a missing id and a text that is too long are refused with their field', () => {
    expect(() => mapRecord(record, mapping({ id: 'none' }))).toThrowError(/the field none is missing/);
    const long = { key: 'k', fields: { text: 'x'.repeat(200_001) } };
    expect(() => mapRecord(long, mapping({ text: ['text'] }))).toThrowError(/^text: /);
  });

  test('names that every object has are no fields', () => {
    const item = mapRecord(
      { key: 'k', fields: { a: {} } },
      mapping({ text: ['constructor', 'a.__proto__', 'toString.name'] }),
    );
    expect(item.text).toBe('');
  });

  test('keys that are too long stay apart, and are the same for a record that is gone', () => {
    const long = (end: string) => ({ key: `${'folder/'.repeat(40)}${end}`, fields: {} });
    const ids = [itemIdOf(long('a'), mapping({})), itemIdOf(long('b'), mapping({}))];
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id.length).toBeLessThanOrEqual(128);
    expect(itemIdOf({ ...long('a'), isDeleted: true }, mapping({}))).toBe(ids[0]);
  });
});
