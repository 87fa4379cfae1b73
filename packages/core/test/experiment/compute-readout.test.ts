import type { NewExperiment, Readout, ReadoutResult } from '@embedding-studio/contracts';
import { createSeededRandom, tallyInterleaving } from '@embedding-studio/stats';
import { describe, expect, it } from 'vitest';
import { computeReadout } from '../../src/experiment/readout/compute-readout.ts';
import type { ReadoutInputs } from '../../src/experiment/readout/readout-inputs.ts';
import { hashInputs } from '../../src/experiment/readout/take-readout.ts';
import { define, makeUnits, toInputs, type Unit } from './readout-world.ts';

const worse = makeUnits(2_000, { rate: 0.5, seed: 1 });
const better = makeUnits(2_000, { rate: 0.58, seed: 2 });
const equal = makeUnits(2_000, { rate: 0.5, seed: 3 });

function estimated(result: ReadoutResult | undefined) {
  if (result?.kind === 'estimated') return result;
  throw new Error(JSON.stringify(result));
}
const primaryOf = ({ metrics }: Pick<Readout, 'metrics'>, at = 0) => estimated(metrics[0]?.arms[at]?.result);
const halfWidth = ({ difference: { lo, hi } }: ReturnType<typeof estimated>) => (hi - lo) / 2;
const analyses = ['sequential', 'fixed', 'bayesian'] as const;
const enough: Partial<NewExperiment> = { unitsExpected: 4_000 };

/** No NaN, no infinity, anywhere. */
function requireFinite(value: unknown): void {
  if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) requireFinite(part);
}

describe.each(analyses)('a read-out by %s analysis', (analysis) => {
  const compute = (arms: Unit[][], change: Partial<NewExperiment> = {}, hasPast = false) =>
    computeReadout({ ...toInputs(arms, { ...enough, analysis, ...change }), hasPast });

  it('turns its sign when arms are swapped, with and without a past', () => {
    for (const hasPast of [false, true]) {
      const [there, back] = [
        [worse, better],
        [better, worse],
      ].map((arms) => primaryOf(compute(arms, {}, hasPast)));
      if (there === undefined || back === undefined) throw new Error('nothing computed');
      expect(there.difference.mean).toBeGreaterThan(0);
      // A normal prior on the lift is not the same seen from the other arm, but nearly.
      const places = analysis === 'bayesian' ? 2 : 9;
      expect(there.difference.mean).toBeCloseTo(-back.difference.mean, places);
      expect(there.difference.lo).toBeCloseTo(-back.difference.hi, places);
      expect([there.control, there.value]).toEqual([back.value, back.control]);
    }
  });

  it('says the same however units are named and ordered', () => {
    const random = createSeededRandom(5);
    const mix = (units: Unit[]) => units.map((unit) => ({ unit, key: random.next() })).sort((a, b) => a.key - b.key);
    const shuffled = [worse, better].map((units) => mix(units).map(({ unit }) => unit));
    const [plain, mixed] = [toInputs([worse, better]), toInputs(shuffled)];
    expect(compute(shuffled, {}, true)).toEqual(compute([worse, better], {}, true));
    expect(hashInputs(mixed, { version: 1 })).toBe(hashInputs(plain, { version: 1 }));
    expect(hashInputs(mixed, { version: 2 })).not.toBe(hashInputs(plain, { version: 1 }));
  });

  it('narrows about with the root of the sample', () => {
    const repeat = (units: Unit[], times: number) => Array.from({ length: times }, () => units).flat();
    const widths = [1, 4, 16].map((times) =>
      halfWidth(primaryOf(compute([repeat(worse, times), repeat(better, times)]))),
    );
    const [one = 0, four = 0, sixteen = 0] = widths;
    expect(one / four).toBeGreaterThan(1.7);
    expect(one / four).toBeLessThan(2.1);
    expect(four / sixteen).toBeGreaterThan(1.7);
    expect(four / sixteen).toBeLessThan(2.1);
  });

  it('ships what is surely better, rolls back what is surely worse, and tells neither from chance', () => {
    expect(compute([worse, better])).toMatchObject({ verdict: 'ship', arm: 'new' });
    expect(compute([better, worse])).toMatchObject({ verdict: 'rollback', arm: 'new' });
    expect(compute([worse, equal])).toMatchObject({ verdict: 'no-difference', arm: null });
    const early = compute([worse.slice(0, 60), equal.slice(0, 60)]);
    expect(early).toMatchObject({ verdict: 'needs-data', arm: null });
    for (const readout of [early, compute([worse, better], {}, true)]) requireFinite(readout);
  });

  it('explains what users did before, and is narrower for it', () => {
    const [plain, adjusted] = [false, true].map((hasPast) => primaryOf(compute([worse, better], {}, hasPast)));
    if (plain === undefined || adjusted === undefined) throw new Error('nothing computed');
    expect(plain.explained).toBeNull();
    expect(adjusted.explained).toBeGreaterThan(0.02);
    expect(halfWidth(adjusted)).toBeLessThan(halfWidth(plain));
    expect(Math.abs(adjusted.difference.mean - plain.difference.mean)).toBeLessThan(halfWidth(plain));
  });
});

describe('health', () => {
  it('outranks a green number: arms without their share make everything invalid', () => {
    const broken = computeReadout(toInputs([worse, [...better, ...better.slice(0, 400)]], enough));
    expect(broken.verdict).toBe('unhealthy');
    expect(broken.health.srm.isAlarm).toBe(true);
    expect(broken.metrics.flatMap(({ arms }) => arms.map(({ result }) => result.kind))).toEqual(['invalid']);
    expect(broken.reasons[0]).toContain('2,000 and 2,400 units instead of 2,200 and 2,200');
    const planned = {
      arms: [
        { name: 'control', weight: 5 },
        { name: 'new', weight: 6 },
      ],
    };
    expect(computeReadout(toInputs([worse, [...better, ...better.slice(0, 400)]], planned)).verdict).toBe('ship');
  });

  it('is gone when many units saw several arms', () => {
    const inputs = { ...toInputs([worse, better], enough), multiple: 200 };
    expect(computeReadout(inputs)).toMatchObject({ verdict: 'unhealthy', health: { multiple: { units: 200 } } });
    expect(computeReadout({ ...inputs, multiple: 20 }).verdict).toBe('ship');
  });

  it('warns when arms differed before it began, without taking their figures away', () => {
    const drifted = makeUnits(2_000, { rate: 0.58, seed: 2, drift: 0.1 });
    const readout = computeReadout({ ...toInputs([worse, drifted], enough), hasPast: true });
    expect(readout.health.prePeriod?.isAlarm).toBe(true);
    expect(readout.reasons.join(' ')).toContain('differed already');
    expect(primaryOf(readout).kind).toBe('estimated');
  });
});

describe('guardrails', () => {
  const guarded: Partial<NewExperiment> = { ...enough, guardrails: [{ metric: 'no-click-rate', lossMax: 0.05 }] };

  it('outrank the goal, and are breached only beyond what is allowed', () => {
    // The same sums read as a rate of which less is good.
    const readout = computeReadout(toInputs([worse, better], guarded));
    expect(readout).toMatchObject({ verdict: 'rollback', arm: 'new' });
    expect(readout.reasons[0]).toMatch(/^Guardrail: No-click rate of new changes by \+1\d\.\d % /);
    const patient = { ...guarded, guardrails: [{ metric: 'no-click-rate', lossMax: 0.5 }] };
    expect(computeReadout(toInputs([worse, better], patient)).verdict).toBe('ship');
    expect(computeReadout(toInputs([better, worse], guarded)).metrics.at(-1)?.arms[0]?.isBreached).toBe(false);
  });

  it('are also kept where the control has none of it', () => {
    const none = worse.map(([, x]): Unit => [0, x, 0, 0]);
    const some = better.map(([y, x]): Unit => [y, x, 0, 0]);
    const inputs = toInputs([none, some], { ...guarded, primaryMetric: 'zero-result-rate' });
    expect(computeReadout(inputs).metrics.at(-1)?.arms[0]?.isBreached).toBe(true);
  });
});

describe('several arms and metrics', () => {
  const arms = [{ name: 'control' }, { name: 'a' }, { name: 'b' }];

  it('are corrected for being many', () => {
    const readout = computeReadout(
      toInputs([worse, equal, better], { ...enough, arms, secondaryMetrics: ['mrr', 'ctr@1'] }),
    );
    const [primary, ...others] = readout.metrics;
    for (const { result } of primary?.arms ?? [])
      expect(estimated(result).adjustedP).toBeGreaterThanOrEqual(estimated(result).p ?? 1);
    const [, b] = primary?.arms ?? [];
    expect(estimated(b?.result).adjustedP).toBeCloseTo(2 * (estimated(b?.result).p ?? 1), 12);
    expect(others.map(({ role }) => role)).toEqual(['secondary', 'secondary']);
    expect(readout).toMatchObject({ verdict: 'ship', arm: 'b' });
  });

  it('say which metric cannot be compared, and which was never measured', () => {
    const inputs = toInputs([worse, better], { ...enough, secondaryMetrics: ['latency-p95'] });
    const silent: ReadoutInputs = {
      ...inputs,
      arms: inputs.arms.map((arm) => ({
        ...arm,
        metrics: Object.fromEntries(Object.entries(arm.metrics).map(([id, sums]) => [id, { ...sums, evidence: 0 }])),
      })),
    };
    const [primary, secondary] = computeReadout(silent).metrics;
    expect(secondary?.arms[0]?.result.kind).toBe('invalid');
    expect(primary?.arms[0]?.result).toMatchObject({ kind: 'insufficient', have: 0 });
    const none = { ...inputs, arms: inputs.arms.map((arm) => ({ ...arm, metrics: {} })) };
    expect(computeReadout(none).metrics[0]?.arms[0]?.result.kind).toBe('invalid');
  });

  it('a fixed analysis says nothing before its time', () => {
    const readout = computeReadout(toInputs([worse, better], { analysis: 'fixed', unitsExpected: 4_001 }));
    expect(readout.metrics[0]?.arms[0]?.result).toMatchObject({ kind: 'insufficient', have: 4_000, need: 4_001 });
    expect(readout.verdict).toBe('needs-data');
  });
});

describe('interleaving and shadows', () => {
  const users = (wins: number, losses: number) => [
    ...Array.from({ length: wins }, () => ({ wins: 2, ties: 1, losses: 0 })),
    ...Array.from({ length: losses }, () => ({ wins: 0, ties: 0, losses: 2 })),
  ];
  const read = (wins: number, losses: number) => {
    const definition = define({ kind: 'interleaving', unitsMin: 100, unitsExpected: 400 });
    const arms = [{ arm: 'interleaved', units: wins + losses, searches: 900, metrics: {} }];
    const interleaving = {
      ...{ stats: tallyInterleaving(users(wins, losses)), searches: 900, different: 300 },
      credit: [{ place: 1, first: 3, second: 5 }],
    };
    return computeReadout({
      ...{ definition, arms, interleaving, multiple: 0, hasPast: false, agreement: null, warnings: [] },
    });
  };

  it('counts users who prefer each list, and turns with the lists', () => {
    const readout = read(260, 140);
    expect(readout).toMatchObject({ verdict: 'ship', arm: 'new', metrics: [] });
    expect(readout.interleaving).toMatchObject({ wins: 260, losses: 140, ties: 0, disagreement: 1 / 3 });
    expect(read(140, 260)).toMatchObject({ verdict: 'rollback', arm: 'new' });
    expect(read(40, 30)).toMatchObject({
      verdict: 'needs-data',
      interleaving: { preference: { have: 70, need: 100 } },
    });
    requireFinite(readout);
  });

  it('means agreement over the searches compared, and gives a shadow up that cannot answer', () => {
    const definition = define({ kind: 'shadow' });
    const sums = { searches: 200, jaccard: 100, rbo: 150, sameTop: 120, failed: 2, skipped: 7, tookMs: 4_000 };
    const arms = [{ arm: 'control', units: 50, searches: 200, metrics: {} }];
    const inputs = { definition, arms, multiple: 0, hasPast: false, interleaving: null, warnings: [] };
    expect(computeReadout({ ...inputs, agreement: sums })).toMatchObject({
      verdict: 'needs-data',
      agreement: { searches: 200, jaccard: 0.5, rbo: 0.75, sameTop: 0.6, failed: 2, tookMs: 20 },
    });
    const failing = computeReadout({ ...inputs, agreement: { ...sums, failed: 60 } });
    expect(failing).toMatchObject({ verdict: 'rollback', arm: 'new' });
    expect(computeReadout({ ...inputs, agreement: null })).toMatchObject({ agreement: null, verdict: 'needs-data' });
  });
});
