import type { MixingRow } from '@embedding-studio/contracts';
import { expect, test } from 'vitest';
import { anchorDropMax, chooseMix } from '../../src/trainer/choose-mix.ts';
import { createSeededRandom } from '../../src/trainer/seeded-random.ts';

const row = (alpha: number, ndcg10: number, anchorNdcg10: number): MixingRow => ({ alpha, ndcg10, anchorNdcg10 });

test('over random sweeps the mix taken keeps the anchors, none that keeps them is better, and ties go to less change', () => {
  const random = createSeededRandom(11);
  const coarse = (scale: number) => Math.round(random.next() * scale) / scale;
  let met = 0;
  for (let trial = 0; trial < 500; trial += 1) {
    const base = row(0, coarse(10), 0.5 + coarse(10) / 2);
    const mixes = [0.2, 0.4, 0.6, 0.8, 1].map((alpha) =>
      row(alpha, coarse(10), base.anchorNdcg10 * (0.98 + coarse(10) * 0.03)),
    );
    const { alpha, isConstraintMet } = chooseMix([base, ...mixes]);
    const keeps = (mix: MixingRow) => mix.anchorNdcg10 >= base.anchorNdcg10 * (1 - anchorDropMax);
    const chosen = mixes.find((mix) => mix.alpha === alpha) ?? base;
    const allowed = mixes.filter(keeps);
    expect(chosen.alpha).toBeGreaterThan(0);
    expect(isConstraintMet).toBe(allowed.length > 0);
    const rivals = isConstraintMet ? allowed : mixes;
    const score = (mix: MixingRow) => (isConstraintMet ? mix.ndcg10 : mix.anchorNdcg10);
    expect(rivals).toContain(chosen);
    expect(Math.max(...rivals.map(score))).toBe(score(chosen));
    expect(rivals.filter((mix) => score(mix) === score(chosen)).every((mix) => mix.alpha >= alpha)).toBe(true);
    if (isConstraintMet) met += 1;
  }
  expect(met).toBeGreaterThan(100);
  expect(met).toBeLessThan(500);
});

test('a mix that ranks best but forgets gives way to one that keeps the anchors', () => {
  const rows = [row(0, 0.3, 0.8), row(0.2, 0.4, 0.81), row(0.4, 0.5, 0.797), row(0.6, 0.6, 0.79), row(1, 0.7, 0.6)];
  expect(chooseMix(rows)).toEqual({ alpha: 0.4, isConstraintMet: true });
});

test('when every mix forgets, the one that forgets least is taken and said to break the constraint', () => {
  const rows = [row(0, 0.3, 0.8), row(0.2, 0.4, 0.7), row(1, 0.7, 0.75)];
  expect(chooseMix(rows)).toEqual({ alpha: 1, isConstraintMet: false });
});
