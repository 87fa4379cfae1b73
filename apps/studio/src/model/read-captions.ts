import { type ModelFiles, StudioError } from '@embedding-studio/contracts';
import type { Caption } from '@embedding-studio/integrations/model-source';
import { createTrainer } from '@embedding-studio/ml/trainer';
import { createLog } from '@embedding-studio/telemetry';
import { z } from 'zod';
import { readJsonLines } from '../datasets/read-lines.ts';
import { findPicture } from './picture-folder.ts';

const CaptionLine = z.looseObject({ title: z.string().nullish(), image: z.string().nullish() });

export type CaptionedFile = Pick<Caption, 'path' | 'text'>;

/** Titles of pictures, from lines of `{title, image}`; lines about other pictures than those given are left out. */
export async function readCaptions(
  file: string,
  { root, pictures }: { root: string; pictures: readonly string[] },
): Promise<CaptionedFile[]> {
  const known = new Set(pictures);
  const found = new Map<string, CaptionedFile>();
  for await (const { value } of readJsonLines(file, CaptionLine)) {
    const path = findPicture(root, value.image);
    const text = value.title?.trim() ?? '';
    if (path !== null && text !== '' && known.has(path)) found.set(path, { path, text });
  }
  if (found.size > 0) return [...found.values()];
  const message = `captions: no line of ${file} has a title and an image that is a file below ${root}`;
  throw new StudioError('INPUT_INVALID', message, { field: 'captions' });
}

/** Captions stand for what will be asked: they are encoded as queries are. */
export async function embedCaptions(
  captions: readonly CaptionedFile[],
  { text, signal }: { text: ModelFiles; signal: AbortSignal },
): Promise<Caption[]> {
  const trainer = createTrainer({
    threads: 2,
    executionProviders: ['cpu'],
    log: createLog({ name: 'studio', level: 'error' }),
  });
  const texts = captions.map((caption) => caption.text);
  const vectors = await trainer.encode({ modelFolder: text.folder, texts, kind: 'query', signal });
  return captions.map((caption, at) => ({ ...caption, vector: vectors[at] ?? new Float32Array() }));
}
