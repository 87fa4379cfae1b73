import {
  type Ctx,
  createSavedView,
  deleteSavedView,
  exportJudgements,
  importJudgements,
  judgeItem,
  listJudgedQueries,
  listJudgements,
  listSavedViews,
  updateSavedView,
} from '@embedding-studio/core';
import { startTestStudio, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let studio: TestStudio;
let ctx: Ctx;
const as = (userId: string, role: 'viewer' | 'analyst' | 'admin' = 'analyst'): Ctx => ({
  ...ctx,
  actor: { kind: 'user', userId, role },
});

beforeAll(async () => {
  studio = await startTestStudio();
  ctx = studio.ctx;
  await studio.deps.items.upsertItems(
    ['a', 'b c'].map((id) => ({ id, title: id, body: '', payload: {}, contentHash: id, parts: [id] })),
  );
});
afterAll(() => studio.close());

describe('the golden set', () => {
  test('keeps one grade per judge and answers with the mean of all', async () => {
    await judgeItem({ ctx: as('ann'), input: { query: 'Oak  Boots', itemId: 'a', grade: 1 } });
    await judgeItem({ ctx: as('ann'), input: { query: 'oak boots', itemId: 'a', grade: 3 } });
    const both = await judgeItem({ ctx: as('bob'), input: { query: 'oak boots', itemId: 'a', grade: 0 } });
    expect(both).toEqual({ grade: 1.5, own: 0, judges: 2 });
    expect(await listJudgements({ ctx: as('ann'), input: { query: 'OAK boots' } })).toEqual({
      a: { grade: 1.5, own: 3, judges: 2 },
    });
  });

  test('is listed by query and exported as qrels that hold no blank inside a column', async () => {
    await judgeItem({ ctx: as('ann'), input: { query: 'pine', itemId: 'b c', grade: 2 } });
    expect(await listJudgedQueries({ ctx, input: {} })).toMatchObject([
      { query: 'oak boots', items: 1, relevant: 1, judges: 2 },
      { query: 'pine', items: 1, relevant: 1, judges: 1 },
    ]);
    const { text, topics, next } = await exportJudgements({ ctx, input: {} });
    expect(text).toBe('oak_boots 0 a 2\npine 0 b_c 2\n');
    expect(topics).toBe('oak_boots\toak boots\npine\tpine\n');
    expect(next).toBeNull();
  });

  test('an exported file comes back as it was, and one with a fault changes nothing', async () => {
    const { text } = await exportJudgements({ ctx, input: { format: 'quepid' } });
    expect(text).toBe('query,docid,rating\n"oak boots","a",2\n"pine","b c",2\n');
    const load = (file: string) =>
      importJudgements({ ctx: as('cat'), input: { format: 'quepid', text: file, scaleMax: 3 } });
    expect(await load(text)).toEqual({ judgements: 2, queries: 2, skipped: 0 });
    expect(await listJudgements({ ctx: as('cat'), input: { query: 'pine' } })).toEqual({
      'b c': { grade: 2, own: 2, judges: 2 },
    });
    const before = await listJudgedQueries({ ctx, input: {} });
    await expect(load(`${text}"elm","a",1\n"elm","gone",3\n`)).rejects.toThrow('line 5: there is no item gone');
    expect(await listJudgedQueries({ ctx, input: {} })).toEqual(before);
    await judgeItem({ ctx: as('cat'), input: { query: 'pine', itemId: 'b c', grade: null } });
  });

  test('forgets a grade that is taken back', async () => {
    expect(await judgeItem({ ctx: as('ann'), input: { query: 'pine', itemId: 'b c', grade: null } })).toEqual({
      grade: null,
      own: null,
      judges: 0,
    });
    expect(await listJudgements({ ctx, input: { query: 'pine' } })).toEqual({});
  });

  test('refuses viewers, unknown items and grades beyond three', async () => {
    const judge = (input: object, who = as('ann')) =>
      judgeItem({ ctx: who, input: { query: 'oak', itemId: 'a', grade: 1, ...input } });
    await expect(judge({}, as('eve', 'viewer'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(judge({ itemId: 'none' })).rejects.toMatchObject({ code: 'ITEM_NOT_FOUND', field: 'itemId' });
    await expect(judge({ grade: 4 })).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'grade' });
    await expect(judge({ query: '  ' })).rejects.toMatchObject({ field: 'query' });
  });
});

describe('saved views', () => {
  const save = (who: Ctx, name: string, isShared = false) =>
    createSavedView({ ctx: who, input: { page: 'search', name, search: `q=${name}`, isShared } });

  test('are their own user’s, and everybody’s once shared', async () => {
    await save(as('ann'), 'mine');
    await save(as('ann'), 'ours', true);
    await save(as('bob'), 'bobs');
    const seen = async (who: Ctx) =>
      (await listSavedViews({ ctx: who, input: { page: 'search' } })).map(({ name, isOwn }) => [name, isOwn]);
    expect(await seen(as('ann'))).toEqual([
      ['mine', true],
      ['ours', true],
    ]);
    expect(await seen(as('bob', 'viewer'))).toEqual([
      ['bobs', true],
      ['ours', false],
    ]);
    expect(await listSavedViews({ ctx: as('ann'), input: { page: 'sessions' } })).toEqual([]);
  });

  test('a second save under one name replaces the first', async () => {
    const first = await save(as('ann'), 'again');
    const second = await createSavedView({
      ctx: as('ann'),
      input: { page: 'search', name: 'again', search: 'q=new' },
    });
    expect(second).toMatchObject({ id: first.id, search: 'q=new' });
  });

  test('are changed by their owner or an admin only, and unknown to others while not shared', async () => {
    const shared = await save(as('ann'), 'shared', true);
    const hidden = await save(as('ann'), 'hidden');
    const change = (who: Ctx, viewId: string) => updateSavedView({ ctx: who, input: { viewId, name: 'new name' } });
    await expect(change(as('bob'), shared.id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(change(as('bob'), hidden.id)).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'viewId' });
    expect(await change(as('root', 'admin'), shared.id)).toMatchObject({ name: 'new name', owner: 'user:ann' });
    await expect(change(as('ann'), hidden.id)).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'name' });
    await deleteSavedView({ ctx: as('ann'), input: { viewId: hidden.id } });
    await expect(change(as('ann'), hidden.id)).rejects.toMatchObject({ field: 'viewId' });
  });

  test('a page is named by its path', async () => {
    const input = { page: 'Search Page', name: 'x', search: '' };
    await expect(createSavedView({ ctx, input })).rejects.toMatchObject({ field: 'page' });
  });
});
