import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError, toStudioError } from '@embedding-studio/contracts';
import { type BackboneSource, backbones, type SourceKind } from '../catalogue.ts';
import { buildMobileNet, type ImageBackbone } from '../encoders/mobilenet.ts';
import { verifyFiles } from '../file-hash.ts';
import { createScratch, defaultHubUrl, describeSource, fetchFiles } from '../resolve-base-model.ts';
import { readModuleWeights } from '../tfjs-modules.ts';

export interface BackboneAccess {
  allowedSources: ReadonlySet<SourceKind>;
  cacheFolder: string;
  signal: AbortSignal;
  /** `<modelsFolder>/<name>/` may hold the upstream files. */
  modelsFolder?: string | null;
}

export type FoundBackbone = ImageBackbone & { name: string; licence: string; source: string };

/** @throws StudioError INPUT_INVALID for an unknown name, SOURCE_UNREACHABLE with every source and why it failed */
export async function findBackbone(name: string, access: BackboneAccess): Promise<FoundBackbone> {
  const model = backbones.find((one) => one.name === name);
  if (model === undefined) {
    const known = backbones.map((one) => one.name).join(', ');
    throw new StudioError('INPUT_INVALID', `There is no image backbone named ${name}; known: ${known}.`, {
      field: 'image',
    });
  }
  const failures: string[] = [];
  for (const source of model.sources) {
    const origin = describeSource(source);
    if (!access.allowedSources.has(source.kind)) {
      failures.push(`${origin}: not allowed`);
      continue;
    }
    try {
      return { ...(await fetchFrom(model, source, access)), name, licence: model.licence, source: origin };
    } catch (error) {
      access.signal.throwIfAborted();
      failures.push(`${origin}: ${toStudioError(error).message}`);
    }
  }
  throw new StudioError('SOURCE_UNREACHABLE', `${name} cannot be had. ${failures.join('; ')}.`);
}

async function fetchFrom(
  model: BackboneSource,
  source: BackboneSource['sources'][number],
  { cacheFolder, signal, modelsFolder = null }: BackboneAccess,
): Promise<ImageBackbone> {
  const scratch = await createScratch(cacheFolder);
  try {
    const access = { model, scratch, signal, modelsFolder, hubUrl: defaultHubUrl, python: 'python3' };
    const folder = await fetchFiles(access, source);
    await verifyFiles(folder, model.files, signal);
    const text = (name: string) => readFile(join(folder, name), 'utf8');
    return buildMobileNet(readModuleWeights(await text('model.min.js'), await text('group1-shard1of1.min.js')));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
