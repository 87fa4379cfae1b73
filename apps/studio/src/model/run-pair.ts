import { join, resolve } from 'node:path';
import type { ModelFiles } from '@embedding-studio/contracts';
import { findArtefact, pairModels, resolveBaseModel } from '@embedding-studio/integrations/model-source';
import { createLog } from '@embedding-studio/telemetry';
import { readSettings } from '../environment.ts';
import { listModelSources, modelCacheOf } from '../eval/open-run.ts';
import { findStateFolder } from '../services/state-folder.ts';
import { listPictures } from './list-pictures.ts';

export interface PairFlags {
  pictures: string;
  register: boolean;
  json?: boolean;
  project?: string;
}

const timeoutMs = 30 * 60_000;

/** A two-tower artefact of a text encoder and an image backbone. */
export async function makePair(text: string, image: string, flags: PairFlags): Promise<ModelFiles> {
  const settings = readSettings();
  const cacheFolder = modelCacheOf(findStateFolder(settings));
  const allowedSources = listModelSources(settings);
  const signal = AbortSignal.timeout(timeoutMs);
  const log = createLog({ name: 'studio', level: 'error' });
  const encoder =
    (await findArtefact(resolve(text))) ??
    (await resolveBaseModel({ name: text, allowedSources, cacheFolder, log, signal }));
  const pictures = await listPictures(resolve(flags.pictures));
  const folder = join(cacheFolder, 'pairs', `${encoder.manifest.name}-${image}`);
  return pairModels({ text: encoder, image, pictures, folder, allowedSources, cacheFolder, signal, seed: 1 });
}
