import type { SessionWithEvents } from '@embedding-studio/contracts';
import { expect, test } from 'vitest';
import {
  auto,
  budgets,
  contrastive,
  margin,
  methods,
  queryAdapter,
  recipes,
  sharedAdapter,
} from '../src/methods/index.ts';

const createdAt = new Date('2026-01-01T00:00:00Z');

function session(
  id: string,
  { clicked, shown = ['a', 'b', 'c', 'd'] }: { clicked: string[]; shown?: string[] },
): SessionWithEvents {
  return {
    sessionId: id,
    query: `query ${id}`,
    shown: shown.map((itemId) => ({ itemId })),
    createdAt,
    isIrrelevant: false,
    batchId: 'batch',
    sessionNumber: 1,
    events: clicked.map((itemId, at) => ({
      sessionId: id,
      eventId: `${id}-${at}`,
      itemId,
      type: 'click',
      createdAt: new Date(createdAt.getTime() + at * 60_000),
      receivedAt: createdAt,
    })),
  };
}

test('the contrastive method is the default and names are unique', () => {
  expect(methods[0]).toBe(contrastive);
  expect(new Set(methods.map((method) => method.name)).size).toBe(methods.length);
});

test.each([contrastive, margin].map((method) => [method.name, method] as const))(
  '%s: empty settings give the whole default recipe',
  (_, method) => {
    const settings = method.parseSettings({});
    expect(settings).toMatchObject({
      ...recipes.quick,
      trainable: { kind: 'all' },
      accumulationSteps: 1,
      learningRate: null,
    });
    expect(settings.loss.temperature).toBe(0.05);
    expect(Object.values(settings).every((value) => value !== undefined)).toBe(true);
  },
);

test('the contrastive default adds one skipped item per query', () => {
  expect(contrastive.parseSettings({}).loss).toEqual({ kind: 'contrastive', temperature: 0.05, negativesPerQuery: 1 });
});

test('a budget sets the caps and a key given wins over it', () => {
  for (const budget of budgets) expect(contrastive.parseSettings({ budget })).toMatchObject(recipes[budget]);
  const settings = contrastive.parseSettings({ budget: 'thorough', secondsMax: null, stepsMax: 40, maxTokens: 16 });
  expect(settings).toMatchObject({
    secondsMax: null,
    stepsMax: 40,
    maxTokens: 16,
    epochsMax: recipes.thorough.epochsMax,
  });
});

test('adapters get defaults', () => {
  const settings = contrastive.parseSettings({ trainable: { kind: 'lora' } });
  expect(settings.trainable).toEqual({ kind: 'lora', rank: 8, alpha: 16, layers: 'all' });
});

test.each([
  [{ temperature: 0 }, 'temperature'],
  [{ batchQueries: 1 }, 'batchQueries'],
  [{ learningRate: 'fast' }, 'learningRate'],
  [{ trainable: { kind: 'lastLayers', layers: 0 } }, 'trainable.layers'],
  [{ trainable: { kind: 'everything' } }, 'trainable.kind'],
  [{ learnRate: 1 }, 'learnRate'],
  [{ budget: 'huge' }, 'budget'],
  [{ margin: 0.1 }, 'margin'],
  [{ seed: Number.NaN }, 'seed'],
])('bad settings %j are refused naming %s', (settings, field) => {
  const parse = () => contrastive.parseSettings(settings);
  expect(parse).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', field }));
});

test('the margin method needs at least one negative', () => {
  expect(() => margin.parseSettings({ negativesPerQuery: 0 })).toThrow(
    expect.objectContaining({ code: 'INPUT_INVALID', field: 'negativesPerQuery' }),
  );
});

test('sessions become training queries and unusable ones are counted by reason', () => {
  const sessions = [
    session('1', { clicked: ['b'] }),
    session('2', { clicked: [] }),
    session('3', { clicked: ['a'], shown: ['a'] }),
  ];
  const { queries, dropped } = contrastive.selectExamples(sessions);
  expect(queries.map((query) => query.queryId)).toEqual(['1', '3']);
  expect(queries[0]).toMatchObject({ text: 'query 1', clicked: [{ itemId: 'b' }], skipped: ['a', 'c'] });
  expect(dropped).toEqual({ no_clicks: 1 });
});

test('the margin method drops sessions in which nothing was passed over', () => {
  const sessions = [session('1', { clicked: ['b'] }), session('3', { clicked: ['a'], shown: ['a'] })];
  const { queries, dropped } = margin.selectExamples(sessions);
  expect(queries.map((query) => query.queryId)).toEqual(['1']);
  expect(dropped).toEqual({ no_skipped: 1 });
});

test('terms of a loss are off by default, and one that is on reaches the loss with its coefficient', () => {
  const off = Object.keys(contrastive.parseSettings({ anchorTexts: 4 }).loss);
  expect(off).toEqual(['kind', 'temperature', 'negativesPerQuery']);
  const settings = contrastive.parseSettings({
    ...{ coSent: 0.3, anchor: 0.5, anchorTexts: 8, guide: 'base', wiseFt: 'on', matryoshkaDims: [128, 64, 64] },
  });
  expect(settings.loss).toMatchObject({ coSent: 0.3, anchor: 0.5, anchorTexts: 8, guide: true });
  expect(settings.loss).toMatchObject({ matryoshkaDims: [64, 128] });
  expect(settings.wiseFt).toBe(true);
  expect(margin.parseSettings({ distill: 1, gradedKl: 2 }).loss).toMatchObject({ distill: 1, gradedKl: 2 });
});

test('what happens around the steps is off by default and named when it is on', () => {
  const on = contrastive.parseSettings({ hardNegatives: { kind: 'live' }, replayShare: 0.2, gradCacheChunk: 32 });
  expect(on).toMatchObject({
    hardNegatives: { share: 0.25, perQuery: 1, margin: 0.05 },
    ...{ replayShare: 0.2, gradCache: { chunk: 32 } },
  });
  const keys = Object.keys(contrastive.parseSettings({}));
  for (const key of ['hardNegatives', 'replayShare', 'gradCache', 'wiseFt']) expect(keys).not.toContain(key);
  expect(() => contrastive.parseSettings({ hardNegatives: { kind: 'live', share: 2 } })).toThrow(
    expect.objectContaining({ field: 'hardNegatives.share' }),
  );
});

test('adapters say which side moves, and only queries may be those of one tenant', () => {
  const settings = { rank: 16, tenant: 'acme' };
  expect(queryAdapter.parseSettings(settings).adapter).toMatchObject({ side: 'query', rank: 16, tenant: 'acme' });
  expect(sharedAdapter.parseSettings({}).adapter).toMatchObject({ side: 'both', rank: 32, tenant: null });
  expect(() => sharedAdapter.parseSettings(settings)).toThrow('tenant');
});

test('losses over pairs have at least one passed-over item to compare with', () => {
  const { loss } = queryAdapter.parseSettings({ loss: 'margin', negativesPerQuery: 0 });
  expect(loss).toEqual({ kind: 'margin', margin: 0.1, temperature: 0.05, negativesPerQuery: 1 });
});

test('the automatic choice tries its tiers cheapest first, the encoder by its own settings', () => {
  const settings = auto.parseSettings({ tiers: ['T3', 'T1'], rank: 8, temperature: 0.1, seed: 5 });
  expect(settings.tiers?.tried).toEqual(['T1', 'T3']);
  expect(settings.tiers?.queries).toMatchObject({ seed: 5, adapter: { side: 'query', rank: 8 } });
  expect(settings.tiers?.both).toMatchObject({ seed: 5, adapter: { side: 'both', rank: 8 } });
  expect(settings).toMatchObject({ seed: 5, loss: { kind: 'contrastive', temperature: 0.1 } });
  expect(settings.adapter).toBeUndefined();
});
