import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isStudioError, StudioError } from '@embedding-studio/contracts';
import { modelBytesMax } from '@embedding-studio/ml/onnx';
import { z } from 'zod';
import { downloadFile } from '../hub-source.ts';
import { insideName, readModules } from './checkpoint-layout.ts';
import type { ModelReference } from './model-reference.ts';

export interface HubAccess {
  hubUrl: string;
  /** An empty folder; the files are laid out in it as they are on the hub. */
  scratch: string;
  signal: AbortSignal;
}

const settingsBytesMax = 64_000_000;

interface Download extends HubAccess {
  base: string;
}

/** False where the hub has no such file. @throws StudioError SOURCE_UNREACHABLE for every other failure. */
async function tryFile(download: Download, name: string, bytes = settingsBytesMax): Promise<boolean> {
  const { base, scratch, signal } = download;
  await mkdir(join(scratch, dirname(name)), { recursive: true });
  const url = `${base}/${name.split('/').map(encodeURIComponent).join('/')}`;
  try {
    await downloadFile(url, { name, bytes, limit: `the ${bytes} bytes that an import takes` }, { scratch, signal });
    return true;
  } catch (error) {
    if (isStudioError(error) && error.cause === 404) return false;
    if (isStudioError(error)) throw error;
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError('SOURCE_UNREACHABLE', `the hub cannot be reached: ${reason}`, { cause: error });
  }
}

const Index = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

async function fetchWeights(download: Download, at: (name: string) => string): Promise<void> {
  if (await tryFile(download, at('model.safetensors'), modelBytesMax)) return;
  const index = at('model.safetensors.index.json');
  if (await tryFile(download, index)) {
    const { weight_map: places } = Index.parse(JSON.parse(await readFile(join(download.scratch, index), 'utf8')));
    for (const name of new Set(Object.values(places))) await tryFile(download, at(insideName(name)), modelBytesMax);
    return;
  }
  for (const name of ['model.onnx', 'onnx/model.onnx']) {
    if (!(await tryFile(download, at(name), modelBytesMax))) continue;
    await tryFile(download, at(`${name}_data`), modelBytesMax);
    return;
  }
}

/** Fetches what an import reads of a model, and nothing else of its repository. */
export async function fetchHubCheckpoint(
  access: HubAccess,
  { repository, revision }: Extract<ModelReference, { kind: 'hub' }>,
): Promise<string> {
  const base = `${access.hubUrl.replace(/\/+$/, '')}/${repository}/resolve/${revision}`;
  const download = { ...access, base };
  for (const name of ['modules.json', 'config_sentence_transformers.json', 'sentence_bert_config.json'])
    await tryFile(download, name);
  const modules = await readModules(access.scratch);
  for (const { type, folder } of modules) {
    const below = relative(access.scratch, folder);
    const at = (name: string) => (below === '' ? name : `${below}/${name}`);
    if (type !== 'Normalize') await tryFile(download, at('config.json'));
    if (type === 'Dense') await tryFile(download, at('model.safetensors'), settingsBytesMax);
    if (type !== 'Transformer' && type !== 'CLIPModel') continue;
    for (const name of ['tokenizer.json', 'tokenizer_config.json', 'preprocessor_config.json'])
      await tryFile(download, at(name));
    if (below !== '') await tryFile(download, 'tokenizer.json');
    await fetchWeights(download, at);
  }
  return access.scratch;
}
