import { metrics, type SessionEvent, type SessionTraits, type SessionWithEvents } from '@embedding-studio/contracts';
import { expect, test } from 'vitest';
import { computeMetric } from '../../src/analytics/compute-metrics.ts';
import { findContinuations } from '../../src/analytics/continuations.ts';
import { HourFold, keepSlices, sumQueries, sumSlices } from '../../src/analytics/fold-facts.ts';
import { toQueryTally } from '../../src/analytics/list-top-queries.ts';
import { metricContribution } from '../../src/analytics/metric-contribution.ts';
import { quantities } from '../../src/analytics/quantities.ts';
import { analyticsVersion } from '../../src/analytics/refresh-analytics.ts';
import { describeSession } from '../../src/analytics/session-facts.ts';
import type { Continuation } from '../../src/analytics/session-traits.ts';
import { createCellSummer } from '../../src/analytics/sum-cells.ts';

const catalogue = 10;
const noon = new Date('2026-03-01T12:00:00Z');

function makeSession(sessionId: string, change: Partial<SessionWithEvents> = {}): SessionWithEvents {
  return {
    ...{ sessionId, query: 'red lamp', batchId: 'b', sessionNumber: 1, isIrrelevant: false, createdAt: noon },
    shown: ['a', 'b', 'c', 'd'].map((itemId, at) => ({ itemId, position: at + 1 })),
    events: [],
    ...change,
  };
}

function click(itemId: string, change: Partial<SessionEvent> = {}): SessionEvent {
  return { sessionId: 's', eventId: itemId, itemId, type: 'click', createdAt: noon, receivedAt: noon, ...change };
}

function figuresOf(given: readonly (SessionWithEvents | [SessionWithEvents, Continuation])[]) {
  const traits = new Map<string, SessionTraits>();
  const fold = new HourFold(traits);
  for (const one of given) {
    const [session, continuation] = Array.isArray(one) ? one : [one, null];
    const described = describeSession(session, continuation);
    traits.set(described.facts.traitsKey, described.traits);
    fold.add({ ...described.facts, sequence: 1 });
  }
  const { bucket, queries, slices } = fold.take(noon);
  const items = { shown: [bucket.items], all: catalogue };
  const counted = { ...createCellSummer(traits)(bucket.cells), users: [bucket.users], items };
  const figures: Record<string, number | null> = {};
  for (const metric of metrics) figures[metric.id] = computeMetric(metric, counted);
  const sliced = slices.map(({ slice, ...sums }) => {
    const figureOf = (metric: (typeof metrics)[number]) => computeMetric(metric, { ...sums, users: null, items: null });
    return [slice, Object.fromEntries(metrics.map((metric) => [metric.id, figureOf(metric)]))] as const;
  });
  return { figures, queries: queries.map(toQueryTally), slices: Object.fromEntries(sliced), sums: queries };
}

test('a figure with nothing to divide by is null, and only mere counts are 0', () => {
  const { figures, queries } = figuresOf([]);
  const { searches, users, ...ratios } = figures;
  expect({ searches, users, queries }).toEqual({ searches: 0, users: 0, queries: [] });
  for (const [id, value] of Object.entries(ratios)) expect(value, id).toBeNull();
});

test('searches that do not say whose they are make no count of users', () => {
  expect(figuresOf([makeSession('s')]).figures).toMatchObject({ searches: 1, users: null });
  expect(figuresOf([makeSession('s', { userId: 'u' }), makeSession('t')]).figures.users).toBe(1);
});

test('queries without clicks have a click-through of 0, and no mean place', () => {
  const { figures } = figuresOf([makeSession('s')]);
  expect(figures).toMatchObject({ 'ctr@10': 0, 'no-click-rate': 1, 'click-position': null, mrr: null });
  expect(figures).toMatchObject({ 'satisfied-ctr': null, 'latency-p95': null });
});

test('figures are what can be counted by hand', () => {
  const later = new Date(noon.getTime() + 5_000);
  const { figures, queries } = figuresOf([
    makeSession('1', { userId: 'u', events: [click('b', { dwellSeconds: 40 })], searchMeta: { tookMs: 12 } }),
    // Clicked in this order: d, then a.
    makeSession('2', { userId: 'v', events: [click('a', { createdAt: later }), click('d', { dwellSeconds: 2 })] }),
    makeSession('3', { userId: 'u', events: [click('a', { type: 'purchase' })] }),
    makeSession('4', { query: 'none', shown: [] }),
    makeSession('5'),
  ]);
  expect(figures).toMatchObject({
    ...{ searches: 5, users: 2, 'ctr@1': 2 / 4, 'ctr@3': 3 / 4, 'ctr@10': 3 / 4, 'satisfied-ctr': 2 / 4 },
    ...{ mrr: (1 / 2 + 1 / 4 + 1) / 3, 'click-position': (2 + 1 + 4 + 1) / 4, 'zero-result-rate': 1 / 5 },
    ...{ 'no-click-rate': 1 / 4, conversion: 1 / 4 },
  });
  expect(queries).toEqual([
    { query: 'red lamp', searches: 4, answered: 4, clicked: 3 },
    { query: 'none', searches: 1, answered: 0, clicked: 0 },
  ]);
});

test('leaving is no abandonment where the list answered, and asking otherwise is one only where it is known who asks', () => {
  const instant = { searchMeta: { instantAnswer: true } };
  const answer = click('a', { type: 'instant_answer' });
  const given = [
    makeSession('1', { userId: 'u', ...instant }),
    makeSession('2', { events: [answer] }),
    makeSession('3'),
    [makeSession('4', { userId: 'u' }), 'reformulated'] as [SessionWithEvents, Continuation],
    makeSession('5', { events: [click('a')] }),
  ];
  const { figures } = figuresOf(given);
  expect(figures).toMatchObject({ abandonment: 1 / 5, 'no-click-rate': 4 / 5, reformulation: 1 / 2 });
  expect(figuresOf([makeSession('s')]).figures.reformulation).toBeNull();
});

test('the time to satisfaction ends with the first click on what satisfied, whenever its stay was told', () => {
  const at = (seconds: number) => new Date(noon.getTime() + seconds * 1_000);
  const first = [click('a', { createdAt: at(4), dwellSeconds: 2 }), click('b', { eventId: '2', createdAt: at(9) })];
  const { figures } = figuresOf([
    makeSession('1', { events: [...first, click('b', { type: 'dwell', createdAt: at(60), dwellSeconds: 50 })] }),
    makeSession('2', { events: [click('c', { createdAt: at(86_400), type: 'purchase' })] }),
    makeSession('3', { events: [click('c', { createdAt: at(3) })] }),
  ]);
  expect(figures['satisfied-time']).toBe((9_000 + 1_800_000) / 2);
});

test('coverage counts an item once, however often it was shown, and is none where nobody saw anything', () => {
  const shown = [{ itemId: 'z' }];
  expect(figuresOf([makeSession('1'), makeSession('2'), makeSession('3', { shown })]).figures.coverage).toBe(0.5);
  expect(figuresOf([makeSession('1', { exclusions: ['bot_agent'] })]).figures.coverage).toBeNull();
});

test('what sessions add one by one makes the figure of all of them, by query and by slice as well', () => {
  const given = [
    makeSession('1', {
      userId: 'u',
      events: [click('b', { dwellSeconds: 40 })],
      searchMeta: { tookMs: 12, device: 'tv' },
    }),
    makeSession('2', { events: [click('c'), click('d', { type: 'purchase' })], searchMeta: { tookMs: 900 } }),
    makeSession('3', { userId: 'v', query: 'none', shown: [], searchMeta: { device: 'tv' } }),
    makeSession('4', { userId: 'v', searchMeta: { device: 'tv', instantAnswer: true } }),
    makeSession('5', { exclusions: ['bot_agent'], events: [click('a')], searchMeta: { device: 'tv' } }),
    makeSession('6', { userId: 'w', searchMeta: { device: 7 } }),
  ];
  const measured = given.map((session) => {
    const { facts, traits } = describeSession(session, session.sessionId === '6' ? 'reformulated' : null);
    return { facts, flags: traits.flags };
  });
  const { figures, slices, sums } = figuresOf(
    given.map((session) => [session, session.sessionId === '6' ? 'reformulated' : null]),
  );
  const sumUp = (id: (typeof metrics)[number]['id'], some: typeof measured) => {
    const parts = some.flatMap((session) => metricContribution(id, session) ?? []);
    const total = (part: 'numerator' | 'denominator' | 'evidence') =>
      parts.reduce((sum, one) => sum + (one[part] ?? 0), 0);
    if (parts.every(({ denominator }) => denominator === null)) return total('numerator');
    return total('denominator') * total('evidence') === 0 ? null : total('numerator') / total('denominator');
  };
  const onTv = measured.filter(({ facts }) => facts.slices.includes('device:tv'));
  const all = { sums: sumQueries([sums])[0]?.sums ?? [], took: [], users: null, items: null };
  expect(Object.keys(slices)).toEqual(['device:tv']);
  for (const metric of metrics) {
    if (['users', 'latency-p95', 'coverage'].includes(metric.id)) continue;
    expect(sumUp(metric.id, measured), metric.id).toBe(figures[metric.id]);
    expect(sumUp(metric.id, onTv), metric.id).toBe(slices['device:tv']?.[metric.id]);
    const ofQuery = measured.filter(({ facts }) => facts.query === 'red lamp');
    expect(sumUp(metric.id, ofQuery), metric.id).toBe(computeMetric(metric, all));
  }
  expect(slices['device:tv']).toMatchObject({ users: null, coverage: null, searches: 3 });
  expect(metricContribution('users', onTv[0] ?? { facts: {} as never, flags: [] })).toBeNull();
});

test('sessions are counted under each of their arms, five at most, and only the most frequent values are kept', () => {
  const arms = ['a', 'b', 'c', 'd', 'e', 'f'].map((arm, at) => ({ experimentId: `exp_${at}`, arm, unit: 'u' }));
  const { facts } = describeSession(makeSession('1', { experiments: arms, searchMeta: { category: ' shoes ' } }), null);
  expect(facts.slices).toEqual([
    ...['arm:exp_0/a', 'arm:exp_1/b', 'arm:exp_2/c', 'arm:exp_3/d', 'arm:exp_4/e', 'category:shoes'],
  ]);
  const sums = quantities.map(() => 1);
  const many = Array.from({ length: 150 }, (_, at) => ({ slice: `category:${at}`, sums, took: [] }));
  const device = { slice: 'device:tv', sums, took: [1] };
  const kept = keepSlices(sumSlices([[...many, device], [{ slice: 'category:149', sums, took: [] }]]));
  expect(kept).toHaveLength(101);
  expect(kept[0]?.slice).toBe('category:149');
  expect(kept).toContainEqual(device);
});

test('stored sums keep their order: whoever changes it counts anew', () => {
  const names = quantities.map(({ measure, where = [] }) =>
    [typeof measure === 'string' ? measure : `clicked@${measure.clickedWithin}`, ...where].join(' '),
  );
  expect({ version: analyticsVersion, names }).toMatchInlineSnapshot(`
    {
      "names": [
        "sessions",
        "clicked@1 answered",
        "sessions answered",
        "clicked@3 answered",
        "clicked@10 answered",
        "sessions answered satisfied",
        "sessions dwelt",
        "reciprocalSum clicked",
        "sessions clicked",
        "positionSum",
        "positioned",
        "sessions zeroResult",
        "sessions noClick",
        "sessions answered abandoned",
        "sessions reformulated",
        "sessions identified",
        "satisfiedMs",
        "satisfiedTimed",
        "sessions answered converted",
        "tookMs",
        "timed",
      ],
      "version": 5,
    }
  `);
});

test('robots, the erased and what was typed on count in no figure', () => {
  const { figures } = figuresOf([
    makeSession('1', { userId: 'bot', exclusions: ['bot_agent'], shown: [] }),
    makeSession('2', { exclusions: ['erased'], query: '', shown: [] }),
    [makeSession('3', { userId: 'u', query: 're' }), 'keystroke'],
    makeSession('4', { userId: 'u', exclusions: ['clicks_outside_list'], events: [click('z')] }),
  ]);
  expect(figures).toMatchObject({ searches: 1, users: 1, 'zero-result-rate': 0, 'ctr@10': 0, 'no-click-rate': 0 });
});

test('a search that was clicked is no keystroke, whatever was typed after it', () => {
  expect(figuresOf([[makeSession('1', { events: [click('a')] }), 'keystroke']]).figures.searches).toBe(1);
});

test('typing on within 10 s is one search; asking otherwise within 60 s is a reformulation', () => {
  const at = (seconds: number) => new Date(noon.getTime() + seconds * 1_000);
  const found = findContinuations([
    { sessionId: '3', at: at(4), query: 'red lamp' },
    { sessionId: '1', at: at(0), query: 're' },
    { sessionId: '2', at: at(2), query: 'red la' },
    { sessionId: '4', at: at(50), query: 'crimson light' },
    { sessionId: '5', at: at(65), query: 'crimson light' },
    { sessionId: '6', at: at(300), query: 'crimson light bulb' },
  ]);
  expect(Object.fromEntries(found)).toEqual({
    ...{ 1: 'keystroke', 2: 'keystroke', 3: 'reformulated', 4: null, 5: null, 6: null },
  });
});

test('the percentile of durations lies within the class that holds it', () => {
  const sessions = Array.from({ length: 100 }, (_, n) =>
    makeSession(`${n}`, { searchMeta: { tookMs: n < 94 ? 8 : 300 } }),
  );
  const p95 = figuresOf(sessions).figures['latency-p95'];
  expect(p95).toBeGreaterThan(240);
  expect(p95).toBeLessThanOrEqual(320);
});
