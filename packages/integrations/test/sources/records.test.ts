import { describe, expect, test } from 'vitest';
import { inferColumns } from '../../src/sources/records/infer-columns.ts';
import { readRecords } from '../../src/sources/records/read-records.ts';
import { type FormatConfig, findFormat, type RecordFormat } from '../../src/sources/records/record-format.ts';

/** The text in pieces of a few bytes: no character, line or quote is safe from being cut. */
async function* pieces(text: string, size = 3): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(format: RecordFormat, text: string, config: Partial<FormatConfig> & { name?: string } = {}) {
  const { name = 'file', ...rest } = config;
  const all = [];
  for await (const record of readRecords({ name, format, bytes: pieces(text) }, { format, ...rest })) all.push(record);
  return all;
}

describe('records of a file', () => {
  test('JSON lines: any line end, blank lines, a byte order mark; a faulty line is told and the rest read', async () => {
    const records = await readAll('jsonl', '\ufeff{"a":"ü日"}\r\n\n{"a":\n[1,2]\n{"b":2}');
    expect(records).toEqual([
      { fields: { a: 'ü日' } },
      { fields: null, fault: 'line 3 is not JSON' },
      { fields: { value: [1, 2] } },
      { fields: { b: 2 } },
    ]);
  });

  test('CSV: quotes, line breaks in cells, missing cells, tabs by name', async () => {
    const text = '\ufefftitle,text\n"a, ""b""","two\nlines"\nonly one\n';
    expect(await readAll('csv', text)).toEqual([
      { fields: { title: 'a, "b"', text: 'two\nlines' } },
      { fields: { title: 'only one' } },
    ]);
    expect(await readAll('csv', 'a\tb\n1\t2', { name: 'x.tsv' })).toEqual([{ fields: { a: '1', b: '2' } }]);
    expect(await readAll('csv', 'a;b\n1;2', { delimiter: ';' })).toEqual([{ fields: { a: '1', b: '2' } }]);
  });

  test('a CSV header with names of the language harms nothing', async () => {
    const [record] = await readAll('csv', '__proto__,constructor,a\nx,y,z');
    expect(record?.fields?.a).toBe('z');
    expect(({} as Record<string, unknown>).x).toBeUndefined();
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  test('JSON: a list, a list inside the document, one object', async () => {
    expect(await readAll('json', '[{"a":1},{"a":2}]')).toEqual([{ fields: { a: 1 } }, { fields: { a: 2 } }]);
    expect(await readAll('json', '{"data":{"rows":[{"a":1}]}}', { itemsPath: 'data.rows' })).toEqual([
      { fields: { a: 1 } },
    ]);
    expect(await readAll('json', '{"a":1}')).toEqual([{ fields: { a: 1 } }]);
    await expect(readAll('json', '{"a":1}', { itemsPath: 'b' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(readAll('json', '{"a":')).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'format' });
  });

  test('a text is one record with its name', async () => {
    expect(await readAll('text', 'Héllo\nworld', { name: 'a/b.txt' })).toEqual([
      { fields: { name: 'a/b.txt', text: 'Héllo\nworld' } },
    ]);
  });
});

test('the format is told by the name, then by the media type; a chosen one wins', () => {
  const auto = { format: 'auto' } as const;
  expect(findFormat(auto, { name: 'a/B.NDJSON' })).toBe('jsonl');
  expect(findFormat(auto, { name: 'export', mediaType: 'text/csv; charset=utf-8' })).toBe('csv');
  expect(findFormat(auto, { name: 'picture.png' })).toBeNull();
  expect(findFormat({ format: 'text' }, { name: 'a.json' })).toBe('text');
});

test('columns are inferred from all rows', () => {
  const rows = [
    { id: 1, price: '9.90', when: '2024-05-01', tags: ['a'], on: 'true', mixed: 'x', none: null },
    { id: 2, price: '10', when: '2024-05-01T10:00:00Z', tags: [], on: 'false', mixed: 5, none: '', deep: { a: 1 } },
  ];
  expect(
    Object.fromEntries(inferColumns(rows).map(({ name, type, isOptional }) => [name, [type, isOptional]])),
  ).toEqual({
    ...{ id: ['number', false], price: ['number', false], when: ['date', false], tags: ['list', false] },
    ...{ on: ['boolean', false], mixed: ['text', false], none: ['empty', true], deep: ['object', true] },
  });
});
