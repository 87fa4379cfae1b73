import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SyncMode } from '@embedding-studio/contracts';
import { type CoreDeps, requestSync } from '@embedding-studio/core';
import { drainTasks, openTestPlugins, type TestStudio, type TestStudioOptions } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { openShop } from '../rollout-world.ts';

export interface SourceWorld {
  studio: TestStudio;
  deps: CoreDeps;
  /** The loader may read what lies below it. */
  folder: string;
  /** New for each test. */
  path: string;
  /** Number of the test, from 1. */
  place: number;
}

/** A shop whose folder loader may read a folder of the test's own; made before all tests of a file. */
export function useSourceWorld(settings?: TestStudioOptions['settings']): SourceWorld {
  const world = { folder: '', path: '', place: 0 } as SourceWorld;
  beforeAll(async () => {
    world.folder = await mkdtemp(join(tmpdir(), 'studio-sources-'));
    world.studio = await openShop({ plugins: await openTestPlugins({ folders: [world.folder] }), settings });
    world.deps = world.studio.deps;
  });
  afterAll(async () => {
    await world.studio.close();
    await rm(world.folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    world.path = join(world.folder, `source-${++world.place}`);
    await mkdir(world.path);
  });
  return world;
}

export interface SyncOptions {
  mode?: SyncMode;
  force?: boolean;
  /** Default: those of the world. */
  deps?: CoreDeps;
}

/** Requests a sync, does all that is due, and tells how its task ended. */
export async function syncSource({ studio, deps }: SourceWorld, sourceId: string, options: SyncOptions = {}) {
  const { mode = 'incremental', force } = options;
  const { id } = await requestSync({ ctx: studio.ctx, input: { sourceId, mode, force } });
  await drainTasks(options.deps ?? deps);
  return deps.tasks.getTask(id);
}
