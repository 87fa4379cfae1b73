import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JudgedQuery } from '@embedding-studio/contracts';
import { describe, expect, it } from 'vitest';
import { buildReport, listRegressions } from '../../src/eval/build-report.ts';
import { compareRetrievers, renderRetrievers } from '../../src/eval/compare-retrievers.ts';
import { EvalReport } from '../../src/eval/eval-report.ts';
import { type Leg, measureQueries } from '../../src/eval/measure-queries.ts';
import { pickExamples, renderExamples } from '../../src/eval/pick-examples.ts';
import { renderReport } from '../../src/eval/render-report.ts';
import { writeReport } from '../../src/eval/write-report.ts';

const queries: JudgedQuery[] = Array.from({ length: 40 }, (_, index) => ({
  queryId: `q${index}`,
  text: `query ${index}`,
  relevant: { [`r${index}`]: 1 },
  judged: [`r${index}`, 'x'],
}));
const splits = [
  { name: 'test', queries },
  { name: 'all_new', queries: queries.slice(0, 12) },
];

/** Puts the wanted item at `place` (0 is first) of a list of unjudged items, one place for each leg. */
function rankAt(place: (query: number, legs: Leg) => number) {
  const asked: { query: string; legs: Leg; limit: number }[] = [];
  const search = async (request: { query: string; legs: Leg; limit: number }) => {
    asked.push(request);
    const index = Number(request.query.split(' ')[1]);
    const ids = Array.from({ length: request.limit }, (_, rank) => `u${rank}`);
    ids.splice(place(index, request.legs), 0, `r${index}`);
    return ids.slice(0, request.limit);
  };
  return { search, asked };
}

const gate = { decision: 'accepted' as const, reasons: ['It is better.'] };
const common = { dataset: 'shop', model: 'tiny', seed: 4, splits, gate, timings: { total: 1.2345 } };

async function measureSides() {
  const old = rankAt((_, legs) => (legs === 'vector' ? 8 : 1));
  // Every tenth query loses its place, the others come first.
  const fresh = rankAt((index, legs) => (legs === 'lexical' ? 1 : index % 10 === 9 ? 5 : 0));
  const all = splits.flatMap((split) => split.queries);
  return {
    before: await measureQueries({ search: old.search, queries: all }),
    after: await measureQueries({ search: fresh.search, queries: all }),
    asked: old.asked,
  };
}

describe('measureQueries', () => {
  it('asks for each distinct query once by each leg, however many splits hold it', async () => {
    const { asked, before } = await measureSides();
    expect(before.size).toBe(40);
    expect(asked).toHaveLength(120);
    expect(new Set(asked.map(({ query, legs }) => `${query} ${legs}`)).size).toBe(120);
  });

  it('measures the fused list deep enough that unjudged items do not hide judged ones from cNDCG', async () => {
    const deep = rankAt(() => 60);
    const measured = await measureQueries({ search: deep.search, queries: queries.slice(0, 1) });
    expect(measured.get('q0')?.fused).toEqual({ ndcg10: 0, recall10: 0, mrr10: 0, cndcg10: 1 });
  });

  it('fails as the search fails, instead of measuring nothing as nothing', async () => {
    const search = async () => {
      throw new TypeError('down');
    };
    await expect(measureQueries({ search, queries })).rejects.toThrow('down');
  });
});

describe('buildReport', () => {
  it('has exactly the promised keys and the right numbers', async () => {
    const report = buildReport({ ...common, ...(await measureSides()) });
    expect(EvalReport.parse(report)).toEqual(report);
    expect(Object.keys(report)).toEqual(['dataset', 'model', 'seed', 'splits', 'gate', 'timings_s']);
    const { test, all_new: allNew } = report.splits;
    expect([test?.n, allNew?.n]).toEqual([40, 12]);
    expect([test?.wins, test?.ties, test?.losses]).toEqual([36, 0, 4]);
    const second = 1 / Math.log2(3);
    const sixth = 1 / Math.log2(7);
    expect(test?.before.ndcg10).toBeCloseTo(second, 9);
    expect(test?.after.ndcg10).toBeCloseTo(0.9 + 0.1 * sixth, 9);
    expect(test?.delta.ndcg10.mean).toBeCloseTo(0.9 + 0.1 * sixth - second, 9);
    expect(test?.delta.ndcg10.lo).toBeGreaterThan(0);
    expect(test?.legs.vector.before.ndcg10).toBeCloseTo(1 / Math.log2(10), 9);
    expect(test?.legs.lexical.ndcg10).toBeCloseTo(second, 9);
    expect(report.timings_s).toEqual({ total: 1.23 });
  });

  it('shows no change at all when the gate kept the old index', async () => {
    const { before } = await measureSides();
    const report = buildReport({ ...common, before, after: before, gate: { ...gate, decision: 'rejected' } });
    for (const split of Object.values(report.splits)) {
      expect(split.after).toEqual(split.before);
      expect(split.delta.ndcg10).toEqual({ mean: 0, lo: 0, hi: 0 });
      expect(split.ties).toBe(split.n);
    }
  });

  it('refuses a report with another key', async () => {
    const report = buildReport({ ...common, ...(await measureSides()) });
    expect(EvalReport.safeParse({ ...report, note: 'x' }).success).toBe(false);
  });

  it('is written whole', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'report-'));
    const report = buildReport({ ...common, ...(await measureSides()) });
    const path = join(folder, 'new', 'report.json');
    await writeReport(path, report);
    expect(EvalReport.parse(JSON.parse(readFileSync(path, 'utf8')))).toEqual(report);
    rmSync(folder, { recursive: true });
  });
});

describe('what people read', () => {
  it('shows every split, the gate’s words, the losses and that sessions were simulated', async () => {
    const sides = await measureSides();
    const regressions = { test: listRegressions(splits[0] as (typeof splits)[0], sides) };
    const lines = renderReport(buildReport({ ...common, ...sides }), {
      evidence: '9 simulated sessions',
      tiers: null,
      regressions,
    });
    const text = lines.join('\n');
    for (const part of [
      'shop (9 simulated sessions)',
      'gate: accepted',
      'It is better.',
      'all_new',
      '36 / 0 / 4',
      'query 9',
    ])
      expect(text).toContain(part);
    expect(regressions.test).toHaveLength(4);
    for (const line of lines) expect(line.length).toBeLessThan(120);
  });

  it('examples have a loss among them, with ranks before and after', async () => {
    const sides = await measureSides();
    const examples = pickExamples(sides, { count: 5, titleOf: (itemId) => `title of ${itemId}` });
    const changes = examples.map(({ wanted }) => [wanted[0]?.rankBefore, wanted[0]?.rankAfter]);
    expect(changes.filter(([, after]) => after === 1)).toHaveLength(3);
    expect(changes.at(-1)).toEqual([2, 6]);
    expect(renderExamples(examples)[1]).toMatch(/rank 2 → 1 {3}title of r\d+/);
  });
});

describe('compareRetrievers', () => {
  it('holds the hybrid ranking against the better leg of each split', async () => {
    const { before, after } = await measureSides();
    const [old] = compareRetrievers(splits, { measured: before, seed: 1 });
    expect(old).toMatchObject({ split: 'test', n: 40, better: 'words', gain: { mean: 0, lo: 0, hi: 0 } });
    expect(old?.vectors.ndcg10).toBeLessThan(old?.words.ndcg10 ?? 0);
    const [fresh] = compareRetrievers(splits, { measured: after, seed: 1 });
    expect(fresh?.gain.mean).toBeCloseTo((fresh?.hybrid.ndcg10 ?? 0) - (fresh?.vectors.ndcg10 ?? 0), 10);
    const text = renderRetrievers('by the default', compareRetrievers(splits, { measured: before, seed: 1 })).join(
      '\n',
    );
    expect(text).toMatch(/test +40 +nDCG@10 +0\.631 +0\.\d+ +0\.631 +\+0\.000 \(\+0\.000, \+0\.000\) to words/);
  });
});
