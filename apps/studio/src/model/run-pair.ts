import { join, resolve } from 'node:path';
import type { ImageAlignment } from '@embedding-studio/contracts';
import {
  findArtefact,
  type PairedModel,
  pairModels,
  resolveBaseModel,
} from '@embedding-studio/integrations/model-source';
import { createLog } from '@embedding-studio/telemetry';
import { readSettings } from '../environment.ts';
import { listModelSources, modelCacheOf } from '../eval/open-run.ts';
import { findStateFolder } from '../services/state-folder.ts';
import { listPictures } from './list-pictures.ts';
import { openPictureFolder } from './picture-folder.ts';
import { embedCaptions, readCaptions } from './read-captions.ts';

export interface PairFlags {
  pictures: string;
  captions?: string;
  register: boolean;
  json?: boolean;
  project?: string;
}

const timeoutMs = 30 * 60_000;

/** A two-tower artefact of a text encoder and an image backbone. */
export async function makePair(text: string, image: string, flags: PairFlags): Promise<PairedModel> {
  const settings = readSettings();
  const stateFolder = findStateFolder(settings);
  const cacheFolder = modelCacheOf(stateFolder);
  const allowedSources = listModelSources(settings);
  const signal = AbortSignal.timeout(timeoutMs);
  const log = createLog({ name: 'studio', level: 'error' });
  const encoder =
    (await findArtefact(resolve(text))) ??
    (await resolveBaseModel({ name: text, allowedSources, cacheFolder, log, signal }));
  const scratch = join(stateFolder, 'pair-pictures');
  const root = await openPictureFolder({ folder: resolve(flags.pictures), scratch });
  const pictures = await listPictures(root);
  const captions =
    flags.captions === undefined
      ? []
      : await embedCaptions(await readCaptions(resolve(flags.captions), { root, pictures }), { text: encoder, signal });
  const folder = join(cacheFolder, 'pairs', `${encoder.manifest.name}-${image}`);
  return pairModels({
    ...{ text: encoder, image, pictures, captions, folder },
    ...{ allowedSources, cacheFolder, signal, seed: 1 },
  });
}

/** What joins the two spaces, for people. */
export function describeAlignment(alignment: ImageAlignment | null): string {
  if (alignment === null)
    return 'the two spaces do not meet: pictures are found by text only after clicks have joined them, or with --captions';
  const { captions, heldOut, chance, ridge } = alignment;
  const versus = (found: number, drawn: number) => `${found.toFixed(3)} (chance ${drawn.toFixed(3)})`;
  return [
    `aligned by ${captions} captions; a caption whose picture was held out finds it among ${heldOut.pictures} by`,
    `Recall@10 ${versus(heldOut.recall10, chance.recall10)}, MRR ${versus(heldOut.mrr, chance.mrr)}; ridge ${ridge}`,
  ].join(' ');
}
