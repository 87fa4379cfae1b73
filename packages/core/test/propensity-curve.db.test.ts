import { type Ctx, getPropensityCurve, importSessions } from '@embedding-studio/core';
import { simulateVisits } from '@embedding-studio/ml/bias';
import type { TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop } from './rollout-world.ts';

let studio: TestStudio;
let ctx: Ctx;
beforeAll(async () => {
  studio = await openShop();
  ctx = studio.ctx;
});
afterAll(() => studio.close());

const theta = [1, 0.5, 0.33, 0.25, 0.2, 0.17];
const queries = Array.from({ length: 20 }, (_, number) => ({
  query: `query ${number}`,
  items: theta.map((_each, index) => ({ itemId: `i${index}`, attraction: 0.5 })),
}));

test('the curve of stored sessions is measured from their shown lists and clicks', async () => {
  const { sessions } = simulateVisits({
    ...{ queries, user: { kind: 'pbm', theta }, policy: { kind: 'random' } },
    ...{ visitsPerQuery: 30, pageSize: 6, seed: 2 },
  });
  const given = sessions.map(({ sessionId, query, shown, searchMeta, events }) => ({
    ...{ sessionId, query, shown, searchMeta },
    events: events.map(({ eventId, itemId, type }) => ({ eventId, itemId, type })),
  }));
  for (let start = 0; start < given.length; start += 200)
    await importSessions({ ctx, input: { sessions: given.slice(start, start + 200) } });
  const curve = await getPropensityCurve({ ctx, input: {} });
  expect(curve.method).toBe('randomised');
  expect(curve.sessions).toBeGreaterThanOrEqual(600);
  expect(curve.points.map(({ shown }) => shown)).toEqual(theta.map(() => 600));
  curve.points.forEach((point, rank) => {
    expect(Math.abs(point.theta - (theta[rank] ?? 0))).toBeLessThan(0.15);
  });
  expect(curve.from).toBeInstanceOf(Date);
});

test('a batch that there is not is told by its id, and reading sessions must be allowed', async () => {
  await expect(getPropensityCurve({ ctx, input: { batchId: 'bat_none' } })).rejects.toMatchObject({
    code: 'BATCH_NOT_FOUND',
  });
  const searcher: Ctx = { ...ctx, actor: { kind: 'apiKey', keyId: 'k', scopes: ['search'] } };
  await expect(getPropensityCurve({ ctx: searcher, input: {} })).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
