import type { TextTokenizer } from '../text/tokenizer.ts';
import { type BaseTeacher, createBaseTeacher, needsBase } from './base-teacher.ts';
import type { ExampleSet } from './examples.ts';
import { generalTexts } from './general-texts.ts';
import type { LoadedModel } from './model-folder.ts';
import type { TrainingJob } from './training-job.ts';
import { openSession, type SessionOptions } from './training-session.ts';

export interface OpenTeacher extends BaseTeacher {
  release(): Promise<void>;
}

/** The base model beside training; null when no term of the loss compares with it. */
export async function openBaseTeacher(parts: {
  job: TrainingJob;
  model: LoadedModel;
  set: ExampleSet;
  tokenizer: TextTokenizer;
  session: SessionOptions;
}): Promise<OpenTeacher | null> {
  const { job, model, set, tokenizer } = parts;
  const { loss, seed } = job.settings;
  if (!needsBase(loss)) return null;
  const { session } = await openSession(model.onnx, parts.session);
  const catalogue = job.anchorTexts ?? Object.values(job.trainingSet.itemTexts);
  const teacher = createBaseTeacher({
    encoder: { session, tokenizer, manifest: model.manifest },
    anchorTexts: [...catalogue, ...generalTexts],
    ...{ set, loss, seed },
  });
  return { ...teacher, release: () => session.release() };
}
