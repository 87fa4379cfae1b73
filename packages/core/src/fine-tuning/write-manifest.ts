import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelManifest, ModelRecord, TrainingReport, TrainingSettings } from '@embedding-studio/contracts';
import { sha256 } from '../content-hash.ts';
import type { JobRun } from '../job-run.ts';
import { rootName } from './training-run.ts';

export interface MadeModel {
  base: ModelRecord;
  modelId: string;
  job: JobRun<'fine_tuning'>;
  settings: TrainingSettings;
  /** Of the frozen training rows. */
  examplesHash: string;
  examples: number;
  output: string;
  report: TrainingReport;
  image: Pick<ModelManifest['files'], 'image.onnx'>;
}

/** Says what a model is and what it was made of, beside its files. */
export async function writeManifest(made: MadeModel): Promise<ModelManifest> {
  const { base, modelId, job, settings, output, report, image } = made;
  const hashOf = async (file: string) => sha256(await readFile(join(output, file)));
  const manifest: ModelManifest = {
    ...base.manifest,
    // Measured on the parent's weights.
    variants: undefined,
    name: `${rootName(base)}-${modelId.slice(4, 12)}`,
    parentId: base.id,
    adapter: settings.adapter && { of: base.id, side: settings.adapter.side, rank: settings.adapter.rank },
    method: { name: job.task.input.method, settings: describeSettings(settings, report) },
    ...describePrefixes(settings, base),
    trainedOn: {
      batchId: job.task.input.batchId ?? '',
      examplesHash: made.examplesHash,
      examples: made.examples,
    },
    files: { 'model.onnx': await hashOf('model.onnx'), 'tokenizer.json': await hashOf('tokenizer.json'), ...image },
  };
  await writeFile(join(output, 'manifest.json'), JSON.stringify(manifest, null, 2));
  return manifest;
}

/** With what was only known after training. */
function describeSettings(settings: TrainingSettings, { mixing }: TrainingReport): Record<string, unknown> {
  return { ...settings, ...(mixing && { mixedAlpha: mixing.alpha }) };
}

/** The whole vector is always one of the lengths that were trained. */
function describePrefixes(
  { loss }: TrainingSettings,
  { manifest }: ModelRecord,
): Pick<ModelManifest, 'matryoshkaDims'> {
  const lengths = loss.matryoshkaDims ?? [];
  return { matryoshkaDims: lengths.length > 0 ? [...new Set([...lengths, manifest.dims])] : undefined };
}
