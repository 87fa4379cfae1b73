import { describe, expect, it } from 'vitest';
import { differentiate, type Feeds, prepareModel } from '../../src/autodiff/index.ts';
import { decodeModel, encodeModel, type OnnxModel } from '../../src/onnx/index.ts';
import { compareWithDifferences } from '../graphs/compare-gradients.ts';
import { makeImageFeeds, makeTextFeeds } from '../graphs/encoder-feeds.ts';
import type { EncoderForm } from '../graphs/encoder-parts.ts';
import { appendRankingLoss } from '../graphs/ranking-loss.ts';
import { buildBert, buildClipText, buildClipVision, buildDistilBert, buildMpnet } from '../graphs/tiny-encoders.ts';

interface Family {
  readonly build: (form: EncoderForm) => OnnxModel;
  readonly feeds: (rows: number, length: number) => Feeds;
  readonly pooling: 'mean' | 'none';
  readonly frozen?: readonly string[];
}

const families: Record<string, Family> = {
  BERT: { build: buildBert, feeds: makeTextFeeds, pooling: 'mean' },
  DistilBERT: { build: buildDistilBert, feeds: makeTextFeeds, pooling: 'mean' },
  MPNet: { build: buildMpnet, feeds: makeTextFeeds, pooling: 'mean' },
  'CLIP text': { build: buildClipText, feeds: makeTextFeeds, pooling: 'none' },
  'CLIP vision': {
    build: buildClipVision,
    feeds: (rows) => makeImageFeeds(rows),
    pooling: 'none',
    frozen: ['patches'],
  },
};

function trainableOf(model: OnnxModel, frozen: readonly string[] = []): string[] {
  const names = model.graph.initializer.map((tensor) => tensor.name ?? '');
  return names.filter((name) => !/^(const_|loss_|\$)/.test(name) && !frozen.includes(name));
}

async function buildTraining({ build, feeds, pooling, frozen }: Family, form: EncoderForm) {
  const stored = decodeModel(encodeModel(build(form)));
  const model = appendRankingLoss(prepareModel(stored), { pooling });
  const trainable = trainableOf(stored, frozen);
  return differentiate({ model, loss: 'loss', trainable, probes: [feeds(6, 5), feeds(9, 7)] });
}

for (const [name, family] of Object.entries(families)) {
  describe(`gradients of a ${name} encoder`, () => {
    const forms = [13, 14, 17, 18, 20, 21].flatMap((opset) =>
      [true, false].filter((decomposed) => decomposed || opset >= 17).map((decomposed) => ({ opset, decomposed })),
    );
    it.each(forms)('equal finite differences at opset $opset, decomposed $decomposed', async (form) => {
      const training = await buildTraining(family, form);
      for (const optimization of ['disabled', 'all'] as const) {
        const runtime = { threads: 1, optimization };
        const errors = await compareWithDifferences({ training, feeds: family.feeds(12, 6), runtime });
        expect(errors.length).toBeGreaterThan(10);
        expect(errors.filter(({ error }) => !(error < 0.02))).toEqual([]);
      }
    });
  });
}
