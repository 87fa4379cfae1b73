import { differentiate, type Feeds, prepareModel, type TrainingGraph } from '../../src/autodiff/index.ts';
import { decodeModel, encodeModel, type OnnxModel } from '../../src/onnx/index.ts';
import { makeImageFeeds, makeTextFeeds } from './encoder-feeds.ts';
import type { EncoderForm } from './encoder-parts.ts';
import { appendRankingLoss } from './ranking-loss.ts';
import { buildBert, buildClipText, buildClipVision, buildDistilBert, buildMpnet } from './tiny-encoders.ts';

interface FamilyBuilder {
  readonly build: (form: EncoderForm) => OnnxModel;
  readonly feeds: (rows: number, length: number) => Feeds;
  readonly pooling: 'mean' | 'none';
  readonly frozen: readonly string[];
}

const text = { feeds: makeTextFeeds, pooling: 'mean', frozen: [] } as const;

const builders = {
  bert: { ...text, build: (form) => buildBert(form, 1) },
  distilBert: { ...text, build: buildDistilBert },
  mpnet: { ...text, build: buildMpnet },
  clipText: { ...text, build: buildClipText, pooling: 'none' },
  clipVision: { build: buildClipVision, feeds: (rows) => makeImageFeeds(rows), pooling: 'none', frozen: ['patches'] },
} as const satisfies Record<string, FamilyBuilder>;

export type EncoderFamily = keyof typeof builders;

export const encoderFamilies = Object.keys(builders) as EncoderFamily[];

/** The names of an encoder's weights: its initializers but for the unnamed constants. */
export function namesOfWeights(model: OnnxModel): string[] {
  return model.graph.initializer.map((tensor) => tensor.name ?? '').filter((name) => !/^(const_|loss_|\$)/.test(name));
}

/** A tiny encoder through the whole path: stored, read, prepared, given a loss, differentiated. */
export async function buildTraining(
  family: EncoderFamily,
  form: EncoderForm,
  sparse: readonly string[] = [],
): Promise<{ training: TrainingGraph; feeds: FamilyBuilder['feeds'] }> {
  const { build, feeds, pooling, frozen }: FamilyBuilder = builders[family];
  const stored = decodeModel(encodeModel(build(form)));
  const model = appendRankingLoss(prepareModel(stored), { pooling });
  const trainable = namesOfWeights(stored).filter((name) => !frozen.includes(name));
  const probes = [feeds(6, 5), feeds(9, 7)] as const;
  return { training: await differentiate({ model, loss: 'loss', trainable, probes, sparse }), feeds };
}
