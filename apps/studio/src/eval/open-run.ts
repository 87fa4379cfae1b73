import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openStudio, parseSettings, studioFragment } from '@embedding-studio/composition';
import { type ModelFiles, newId, StudioError } from '@embedding-studio/contracts';
import { type Ctx, createApiKey, registerBaseModel } from '@embedding-studio/core';
import { resolveBaseModel, type SourceKind } from '@embedding-studio/integrations/model-source';
import { createStudioClient, type StudioClient } from '@embedding-studio/sdk';
import { createLog } from '@embedding-studio/telemetry';
import { findFreePort } from '../services/free-port.ts';
import { loopServices, type RunningServices, startServices } from '../services/start-services.ts';
import type { Settings } from '../settings-schema.ts';
import { findHolder } from '../supervisor/folder-lock.ts';
import { endLeftovers, lockFileOf } from '../supervisor/supervisor.ts';
import type { Progress } from '../terminal/progress.ts';

export interface RunOptions {
  /** State of this run alone; what an earlier run left there is removed. */
  folder: string;
  /** Kept between runs. */
  modelCacheFolder: string;
  /** A name of the catalogue, or `auto`. */
  model: string;
  /** Makes a model of two towers of the base model. */
  pair?: (text: ModelFiles, access: ModelAccess) => Promise<ModelFiles>;
  settings: Settings;
  /** More variables for the gateway and the workers. */
  variables?: Record<string, string>;
  /** Folders of further models to register, made from the base model's. */
  more?: (baseFolder: string) => Promise<string[]>;
  progress: Progress;
}

export interface ModelAccess {
  allowedSources: ReadonlySet<SourceKind>;
  cacheFolder: string;
  signal: AbortSignal;
}

/** What was made in a run's folder, and stays there when its services end. */
interface Prepared {
  apiKey: string;
  model: { id: string; name: string };
  /** Ids of the further models. */
  more: string[];
}

export interface OpenRun extends Prepared {
  client: StudioClient;
  gatewayUrl: string;
  stop(): Promise<void>;
}

const requestTimeoutMs = 120_000;
const modelTimeoutMs = 15 * 60_000;

/** Starts every service in the run's own folder, registers a base model and makes the key that all further calls use. */
export async function openRun(options: RunOptions): Promise<OpenRun> {
  await clearFolder(options.folder, options.progress);
  return start(options, (running) => prepare(options, running));
}

/** Starts the services again on what `openRun` made in the same folder, or in one that this is a copy of. */
export function resumeRun(options: RunOptions, { apiKey, model, more }: Prepared): Promise<OpenRun> {
  return start(options, () => Promise.resolve({ apiKey, model, more }));
}

async function start(options: RunOptions, make: (running: RunningServices) => Promise<Prepared>): Promise<OpenRun> {
  const { folder, settings, variables, progress } = options;
  // The usual port belongs to `studio up`, which may run beside this.
  const GATEWAY_PORT = settings.GATEWAY_PORT ?? (await findFreePort());
  const ownSettings = { ...settings, GATEWAY_PORT };
  const running = await startServices({ folder, which: loopServices, log: progress, settings: ownSettings, variables });
  try {
    const gatewayUrl = running.urls.gatewayUrl;
    if (gatewayUrl === null) throw new StudioError('STORE_UNAVAILABLE', 'The gateway did not start.');
    const prepared = await make(running);
    const client = createStudioClient({ url: gatewayUrl, apiKey: prepared.apiKey, timeoutMs: requestTimeoutMs });
    return { ...prepared, client, gatewayUrl, stop: () => running.stop() };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

export async function clearFolder(folder: string, progress: Progress): Promise<void> {
  const holder = findHolder(lockFileOf(folder));
  if (holder !== null)
    throw new StudioError('TASK_CONFLICT', `Process ${holder.pid} is at work in ${folder}: let it end first.`);
  await endLeftovers(folder, progress);
  await rm(folder, { recursive: true, force: true });
}

async function prepare(options: RunOptions, running: RunningServices): Promise<Prepared> {
  const log = createLog({ name: 'studio', level: 'error' });
  const { settings, modelCacheFolder, progress } = options;
  const access = { allowedSources: listModelSources(settings), cacheFolder: modelCacheFolder };
  const signal = AbortSignal.timeout(modelTimeoutMs);
  const text = await resolveBaseModel({
    name: options.model,
    ...access,
    log,
    signal,
  });
  const files = options.pair ? await options.pair(text, { ...access, signal }) : text;
  progress.say(`base model: ${files.manifest.name} from ${files.manifest.source}`);
  const studio = await openStudio({ settings: parseSettings(studioFragment, running.variables), log });
  const ctx: Ctx = { actor: { kind: 'system', job: 'studio' }, requestId: newId('request'), deps: studio.deps };
  try {
    const { id } = await registerBaseModel({ ctx, input: { folder: files.folder } });
    const more: string[] = [];
    for (const folder of (await options.more?.(files.folder)) ?? [])
      more.push((await registerBaseModel({ ctx, input: { folder } })).id);
    const { secret } = await createApiKey({ ctx, input: { name: 'studio', scopes: ['admin'] } });
    return { model: { id, name: files.manifest.name }, more, apiKey: secret };
  } finally {
    await studio.close();
  }
}

export function modelCacheOf(stateFolder: string): string {
  return join(stateFolder, 'base-models');
}

export function listModelSources(settings: Settings): Set<SourceKind> {
  const known: readonly SourceKind[] = ['hub', 'npm', 'pypi', 'debian'];
  return new Set<SourceKind>([
    'folder',
    ...known.filter((kind) => settings.STUDIO_SOURCES.some((name) => name === kind)),
  ]);
}
