import { GateReport } from '@embedding-studio/contracts';
import { type AnchorMeasurement, createRandom } from '@embedding-studio/ml/ranking';
import { describe, expect, it } from 'vitest';
import { decideGate, type GateQuery } from '../../src/evaluation/index.ts';

const healthy: AnchorMeasurement = {
  texts: 300,
  neighbourOverlap: 0.4,
  before: { meanPairwiseCosine: 0.2, effectiveRank: 80 },
  after: { meanPairwiseCosine: 0.15, effectiveRank: 90 },
};

interface Draw {
  count: number;
  gain: number;
  noise?: number;
  seed?: number;
  isUnseen?: boolean;
  segment?: string;
}

function drawQueries({ count, gain, noise = 0.1, seed = 1, isUnseen = false, segment = 'head' }: Draw): GateQuery[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const before = 0.4 + 0.2 * random();
    const after = before + gain + noise * (random() - 0.5);
    const metrics = (value: number) => ({ ndcg10: value, recall10: value, mrr10: value, cndcg10: value });
    const queryId = `${segment}-${isUnseen}-${seed}-${index}`;
    return {
      queryId,
      text: `text of ${queryId}`,
      before: metrics(before),
      after: metrics(after),
      isUnseen,
      segments: [segment],
    };
  });
}

const better = drawQueries({ count: 200, gain: 0.05 });
const unseenBetter = drawQueries({ count: 40, gain: 0.03, isUnseen: true, segment: 'tail', seed: 2 });
const decide = (queries: GateQuery[], anchor: AnchorMeasurement | null = healthy) =>
  decideGate({ queries, anchor, seed: 5 });

describe('decideGate', () => {
  it('accepts a gain on seen and unseen items with a healthy space, and says so in numbers', () => {
    const report = decide([...better, ...unseenBetter]);
    expect(report.decision).toBe('accepted');
    expect(report.delta.lo).toBeGreaterThan(0);
    expect(report.unseen).toMatchObject({ queries: 40 });
    expect(report.reasons).toHaveLength(5);
    for (const reason of report.reasons) expect(reason).toMatch(/\d.*\.$/);
    expect(GateReport.parse(report)).toEqual(report);
  });

  it('rejects a gain that chance explains', () => {
    const report = decide([...drawQueries({ count: 200, gain: 0.001, noise: 0.4 }), ...unseenBetter.slice(0, 20)]);
    expect(report.decision).toBe('rejected');
    expect(report.reasons[0]).toContain('the lower bound must be above 0');
  });

  it('rejects a model that learns the clicked items by heart and loses on unseen ones', () => {
    const report = decide([...better, ...drawQueries({ count: 40, gain: -0.03, isUnseen: true, segment: 'tail' })]);
    expect(report.decision).toBe('rejected');
    expect(report.delta.lo).toBeGreaterThan(0);
    expect(report.reasons[0]).toContain('On 40 queries about unseen items');
    expect(report.held?.[0]).toContain('held-out queries changes by');
    expect([...report.reasons, ...(report.held ?? [])]).toHaveLength(5);
  });

  it('rejects unseen items whose mean holds but whose loss cannot be excluded', () => {
    const noisy = drawQueries({ count: 25, gain: 0.01, noise: 0.6, isUnseen: true, segment: 'tail', seed: 4 });
    const report = decide([...better, ...noisy]);
    expect(report.unseen?.delta.lo).toBeLessThan(-0.01);
    expect(report.decision).toBe('rejected');
  });

  it('rejects for want of evidence on unseen items, unless all evidence is about them', () => {
    const few = decide([...better, ...unseenBetter.slice(0, 19)]);
    expect([few.decision, few.reasons[0]]).toEqual([
      'rejected',
      expect.stringContaining('Not enough evidence on unseen items: 19'),
    ]);
    expect(decide(unseenBetter).decision).toBe('accepted');
  });

  it('rejects for want of evidence at all, without failing', () => {
    for (const queries of [[], unseenBetter.slice(0, 1), better.slice(0, 19)]) {
      const report = decide(queries);
      expect(report.decision).toBe('rejected');
      expect(report.reasons.join(' ')).toContain(`Not enough evidence: ${queries.length} held-out queries`);
    }
  });

  it('rejects when a segment pays for the gain of the others', () => {
    const loser = drawQueries({ count: 60, gain: -0.04, noise: 0.05, segment: 'tail', seed: 3 });
    const report = decide([
      ...better,
      ...better,
      ...unseenBetter.map((query) => ({ ...query, segments: [] })),
      ...loser,
    ]);
    expect(report.decision).toBe('rejected');
    expect(report.reasons).toEqual([expect.stringContaining('Segment "tail" (60 queries)')]);
  });

  it('judges many segments together: what one alone would raise is no alarm among twenty', () => {
    const losing = drawQueries({ count: 40, gain: -0.1, noise: 0, segment: 'tail', seed: 8 });
    const loser = [...losing, ...drawQueries({ count: 20, gain: 0.1, noise: 0, segment: 'tail', seed: 9 })];
    const alone = decide([
      ...better,
      ...better,
      ...unseenBetter.map((query) => ({ ...query, segments: [] })),
      ...loser,
    ]);
    const [tail] = alone.segments?.filter(({ name }) => name === 'tail') ?? [];
    const others = Array.from({ length: 19 }, (_, index) =>
      drawQueries({ count: 20, gain: 0.02, segment: `category: ${index}`, seed: index }),
    );
    const together = decide([...better, ...better, ...unseenBetter, ...loser, ...others.flat()]);
    const [among] = together.segments?.filter(({ name }) => name === 'tail') ?? [];
    expect(among?.p ?? 0).toBeGreaterThan(tail?.p ?? 1);
    expect([tail?.isLoss, among?.isLoss]).toEqual([true, false]);
  });

  it('lists a segment with few queries without judging it', () => {
    const few = drawQueries({ count: 5, gain: -0.3, segment: 'category: rare' });
    const report = decide([...better, ...better, ...unseenBetter, ...few]);
    expect(report.segments).toContainEqual(expect.objectContaining({ name: 'category: rare', queries: 5, p: null }));
    expect(report.decision).toBe('accepted');
  });

  it.each([
    ['accepted', { before: 10, after: 19 }],
    ['rejected', { before: 10, after: 21 }],
    ['accepted', { before: 1, after: 9 }],
  ])('a query that is slower to encode is %s: p95 %j ms', (decision, { before, after }) => {
    const latency = { queries: 100, before: { p50Ms: 1, p95Ms: before }, after: { p50Ms: 1, p95Ms: after } };
    const report = decideGate({ queries: [...better, ...unseenBetter], anchor: healthy, latency, seed: 5 });
    expect(report.decision).toBe(decision);
    expect(report.reasons.join(' ')).toContain(`Encoding a query takes ${after < 10 ? '9.0' : after} ms at p95`);
  });

  it('writes thousands so that they can be read', () => {
    const many = drawQueries({ count: 2_000, gain: 0.05 });
    expect(decide([...many, ...unseenBetter]).reasons[0]).toContain('on 2,040 held-out queries');
  });

  it.each([
    ['neighbours', { ...healthy, neighbourOverlap: 0.01 }],
    ['effective rank', { ...healthy, after: { meanPairwiseCosine: 0.2, effectiveRank: 12 } }],
    ['mean cosine', { ...healthy, after: { meanPairwiseCosine: 0.9, effectiveRank: 80 } }],
    ['not a finite number', { ...healthy, after: { meanPairwiseCosine: Number.NaN, effectiveRank: 80 } }],
    ['could not be measured', null],
  ] as [string, AnchorMeasurement | null][])('rejects a space that is not sane: %s', (text, anchor) => {
    const report = decide([...better, ...unseenBetter], anchor);
    expect(report.decision).toBe('rejected');
    expect(report.reasons[0]).toContain(text);
  });

  it('counts wins, ties and losses, and lists the ten worst first', () => {
    const same = drawQueries({ count: 5, gain: 0, noise: 0 });
    const worse = Array.from({ length: 14 }, (_, index) =>
      drawQueries({ count: 1, gain: -0.01 * (index + 1), noise: 0, seed: index }),
    );
    const report = decide([...drawQueries({ count: 6, gain: 0.1, noise: 0 }), ...same, ...worse.flat()]);
    expect([report.wins, report.ties, report.losses]).toEqual([6, 5, 14]);
    const drops = report.worst.map(({ before, after }) => before - after);
    expect(drops).toHaveLength(10);
    expect(drops[0]).toBeCloseTo(0.14, 9);
    expect(drops).toEqual([...drops].sort((left, right) => right - left));
  });
});
