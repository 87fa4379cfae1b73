import { join } from 'node:path';
import type { ModelFiles } from '@embedding-studio/contracts';
import {
  type FittedHead,
  fitHead,
  type PictureFeatures,
  pairModels,
  readFeatures,
} from '@embedding-studio/integrations/model-source';
import { embedCaptions } from '../model/read-captions.ts';
import { describeAlignment } from '../model/run-pair.ts';
import type { Progress } from '../terminal/progress.ts';
import type { ModelAccess } from './open-run.ts';
import type { Pictures } from './picture-items.ts';

/** Both ways of putting pictures into the space of a text model. */
export interface PairedPictures {
  text: ModelFiles;
  features: PictureFeatures;
  without: FittedHead;
  aligned: FittedHead;
}

const image = 'mobilenet-v2';
const seed = 1;

/** Pairs by the captions of half the pictures, which are read once, and keeps what it takes to pair without. */
export async function pairPictures(
  pictures: Pictures,
  { text, access, progress }: { text: ModelFiles; access: ModelAccess; progress: Progress },
): Promise<{ files: ModelFiles; paired: PairedPictures }> {
  const paths = [...pictures.paths.values()];
  progress.say(`pairing ${text.manifest.name} with ${image} by the captions of ${pictures.captions.length} pictures`);
  const features = await readFeatures({ image, pictures: paths, ...access });
  const captions = await embedCaptions(pictures.captions, { text, signal: access.signal });
  const folder = join(access.cacheFolder, 'pairs', 'eval');
  const { head: aligned, ...files } = await pairModels({
    ...{ text, image, pictures: paths, captions, features, folder, seed },
    ...access,
  });
  progress.say(describeAlignment(aligned.alignment));
  const { dims } = text.manifest;
  const without = fitHead(features.rows, { captions: [], dims, seed });
  return { files, paired: { text, features, without, aligned } };
}
