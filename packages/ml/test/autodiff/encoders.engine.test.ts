import { describe, expect, it } from 'vitest';
import { compareWithDifferences, relativeDistance, runTraining } from '../graphs/compare-gradients.ts';
import { buildTraining, type EncoderFamily, encoderFamilies } from '../graphs/encoder-families.ts';
import type { EncoderForm } from '../graphs/encoder-parts.ts';

const decomposed = (...opsets: number[]) => opsets.map((opset) => ({ opset, decomposed: true }));
const fused = (...opsets: number[]) => opsets.map((opset) => ({ opset, decomposed: false }));

const forms: Record<EncoderFamily, EncoderForm[]> = {
  bert: [...decomposed(13, 14, 17, 18, 20, 21), ...fused(17, 20)],
  distilBert: [...decomposed(13, 18), ...fused(21)],
  mpnet: [...decomposed(14, 20), ...fused(17)],
  clipText: [...decomposed(13, 18), ...fused(21)],
  clipVision: [...decomposed(14, 20), ...fused(17)],
};

const allForms = encoderFamilies.flatMap((family) => forms[family].map((form) => ({ family, ...form })));

describe('gradients of whole encoders', () => {
  it.each(allForms)(
    '$family opset $opset, decomposed $decomposed: equal finite differences',
    async ({ family, ...form }) => {
      const { training, feeds } = await buildTraining(family, form);
      const run = { training, feeds: feeds(6, 6) };
      const errors = await compareWithDifferences({ ...run, runtime: { threads: 1, optimization: 'disabled' } });
      expect(errors.length).toBeGreaterThan(10);
      expect(errors.filter(({ error }) => !(error < 0.02))).toEqual([]);

      const plain = await runTraining({ ...run, runtime: { threads: 1, optimization: 'disabled' } });
      const optimized = await runTraining(run);
      const apart = [...plain].map(([name, gradient]) => relativeDistance(gradient, optimized.get(name) ?? [], 1e-3));
      expect(Math.max(...apart)).toBeLessThan(1e-3);
    },
  );

  it('one training graph serves every batch and sequence size, also those of size 1', async () => {
    const { training, feeds } = await buildTraining('distilBert', { opset: 18, decomposed: true });
    for (const [rows, length] of [
      [3, 3],
      [12, 9],
      [9, 1],
    ] as const) {
      const errors = await compareWithDifferences({ training, feeds: feeds(rows, length) });
      expect(errors.filter(({ error }) => !(error < 0.02))).toEqual([]);
    }
  });
});
