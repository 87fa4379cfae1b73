import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { chooseFold, listTestSplits, loadFolder } from '../../src/datasets/index.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const lines = (...rows: unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const good: Record<string, string> = {
  'items.jsonl': lines(
    { id: 'a', title: 'Red shoe', text: 'of leather', colour: 'red', sizes: [38, 39] },
    { id: 7, title: null },
    { id: 'b', title: 'Blue shoe' },
    { id: 'c', title: 'Green shoe' },
  ),
  'queries.jsonl': lines(
    { id: 'q1', text: 'red', split: 'train' },
    { id: 'q2', text: 'blue', split: 'val' },
    { id: 'q3', text: 'green', split: 'spring' },
    { id: 'q4', text: 'nothing', split: 'spring' },
  ),
  'qrels.tsv': 'query_id\titem_id\tgrade\nq1\ta\t3\nq1\tb\t0\nq2\tb\t1\nq3\tc\t2\nq3\t7\t0\nq4\tc\t0\n',
};

function write(change: Record<string, string | Buffer | null> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'dataset-'));
  folders.push(folder);
  for (const [name, content] of Object.entries({ ...good, ...change }))
    if (content !== null) writeFileSync(join(folder, name), content);
  return folder;
}

describe('loadFolder', () => {
  it('reads items with all further fields as payload, queries, grades, and no clicks where there are none', async () => {
    const dataset = await loadFolder(write());
    expect(dataset.items[0]).toEqual({
      id: 'a',
      title: 'Red shoe',
      text: 'of leather',
      payload: { colour: 'red', sizes: [38, 39] },
    });
    expect(dataset.items[1]).toEqual({ id: '7', title: '', text: '', payload: {} });
    expect(dataset.queries).toHaveLength(4);
    expect(dataset.qrels.get('q1')).toEqual(
      new Map([
        ['a', 3],
        ['b', 0],
      ]),
    );
    expect(dataset.sessions).toBeNull();
    expect(dataset.warnings).toEqual([]);
  });

  it('reads gzipped files alike, and clicks', async () => {
    const clicks = lines({ session_id: 's1', query_id: 'q1', query: 'red', shown: ['b', 'a'], clicked: ['a'] });
    const packed = Object.fromEntries(Object.entries(good).map(([name, text]) => [`${name}.gz`, gzipSync(text)]));
    const none = Object.fromEntries(Object.keys(good).map((name) => [name, null]));
    const dataset = await loadFolder(write({ ...none, ...packed, 'clicks.jsonl.gz': gzipSync(clicks) }));
    const plain = await loadFolder(write());
    expect(dataset.items).toEqual(plain.items);
    expect(dataset.qrels).toEqual(plain.qrels);
    expect(dataset.sessions).toEqual([
      { sessionId: 's1', queryId: 'q1', query: 'red', shown: ['b', 'a'], clicked: ['a'], isSimulated: false },
    ]);
  });

  it('reads lines that end in CR LF, letters that span two reads, and a last line without an end', async () => {
    const long = 'é'.repeat(70_001);
    const items = `${JSON.stringify({ id: 'x', text: `.${long}` })}\r\n\r\n${JSON.stringify({ id: 'y', title: 'last' })}`;
    const dataset = await loadFolder(write({ 'items.jsonl': `\uFEFF${items}` }));
    expect(dataset.items.map(({ id }) => id)).toEqual(['x', 'y']);
    expect(dataset.items[0]?.text).toBe(`.${long}`);
  });

  it.each([
    ['items.jsonl', '{"id":"a"}\n{"id":\n', /^items\.jsonl:2: is not JSON/],
    ['items.jsonl', '{"id":"a","title":5}\n', /^items\.jsonl:1: title: /],
    ['items.jsonl', '{"id":"a"}\n\n{"id":"a"}\n', /^items\.jsonl:3: id: a occurs twice/],
    ['queries.jsonl', '{"id":"q1","text":"red"}\n', /^queries\.jsonl:1: split: /],
    ['queries.jsonl', '{"id":"q1","text":"red","split":"test"}\n', /no query has the split "train"/],
    ['qrels.tsv', 'query_id\titem_id\tgrade\nq1\ta\tgood\n', /^qrels\.tsv:2: grade: "good" is not a number/],
    ['qrels.tsv', 'q1 a 1\n', /^qrels\.tsv:1: needs query_id, item_id and grade/],
    ['clicks.jsonl', '{"session_id":"s","query_id":"q1","shown":"a","clicked":[]}\n', /^clicks\.jsonl:1: shown: /],
  ])('names file, line and field of a fault in %s', async (name, text, message) => {
    await expect(loadFolder(write({ [name]: text }))).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it('names the missing file, and a truncated archive', async () => {
    await expect(loadFolder(write({ 'qrels.tsv': null }))).rejects.toThrow(/neither qrels\.tsv nor qrels\.tsv\.gz/);
    const cut = gzipSync(good['items.jsonl'] ?? '').subarray(0, 40);
    await expect(loadFolder(write({ 'items.jsonl': null, 'items.jsonl.gz': cut }))).rejects.toThrow(
      /^items\.jsonl\.gz:/,
    );
  });

  it('goes on with a warning where a row points to nothing', async () => {
    const qrels = `${good['qrels.tsv']}nobody\ta\t1\nq3\tgone\t1\n`;
    const dataset = await loadFolder(write({ 'qrels.tsv': qrels }));
    expect(dataset.warnings).toHaveLength(2);
    expect(dataset.qrels.has('nobody')).toBe(false);
    expect(dataset.qrels.get('q3')?.get('gone')).toBe(1);
  });
});

describe('listTestSplits', () => {
  it('reports splits of any name except training and validation, and only queries that something answers', async () => {
    const splits = listTestSplits(await loadFolder(write()));
    expect(splits.map(({ name }) => name)).toEqual(['spring']);
    expect(splits[0]?.queries).toEqual([{ queryId: 'q3', text: 'green', relevant: { c: 2 }, judged: ['c', '7'] }]);
  });

  it('derives all_new from the counts of the folder, else from what training clicked', async () => {
    const many = Array.from({ length: 12 }, (_, index) => ({ id: `n${index}`, text: `n${index}`, split: 'test' }));
    const qrels = (item: string) => many.map(({ id }) => `${id}\t${item}\t1\n`).join('');
    const train = { id: 'q1', text: 'red', split: 'train' };
    const counted = many.map((query, index) => ({ ...query, clicked: 2, new_items: index < 11 ? 2 : 1 }));
    const byCounts = write({ 'queries.jsonl': lines(train, ...counted), 'qrels.tsv': `q1\ta\t1\n${qrels('a')}` });
    const allNew = async (folder: string) =>
      listTestSplits(await loadFolder(folder)).find(({ name }) => name === 'all_new')?.queries.length;
    expect(await allNew(byCounts)).toBe(11);
    const plain = { 'queries.jsonl': lines(train, ...many) };
    expect(await allNew(write({ ...plain, 'qrels.tsv': `q1\ta\t1\n${qrels('c')}` }))).toBe(12);
    expect(await allNew(write({ ...plain, 'qrels.tsv': `q1\ta\t1\n${qrels('a')}` }))).toBeUndefined();
  });
});

describe('chooseFold', () => {
  it('reports the queries of one fold and trains on the others; unanswerable ones stay apart', async () => {
    const queries = lines(
      ...['q1', 'q2', 'q3'].map((id, at) => ({ id, text: id, split: at === 0 ? 'test' : 'train', fold: at % 2 })),
      { id: 'q4', text: 'nothing', split: 'none', fold: 0 },
      { id: 'q5', text: 'without', split: 'train' },
    );
    const dataset = await loadFolder(write({ 'queries.jsonl': queries }));
    const splits = chooseFold(dataset, 0).queries.map(({ id, split }) => `${id} ${split}`);
    expect(splits).toEqual(['q1 test', 'q2 train', 'q3 test', 'q4 none']);
    expect(() => chooseFold(dataset, 5)).toThrow('--fold 5: there are 0, 1.');
    expect(() => chooseFold({ ...dataset, queries: [] }, 0)).toThrow('no query of queries.jsonl has one');
  });
});
