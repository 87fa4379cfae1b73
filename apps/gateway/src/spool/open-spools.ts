import { join } from 'node:path';
import { newId } from '@embedding-studio/contracts';
import { type CoreDeps, type Ctx, spoolSessions } from '@embedding-studio/core';
import type { ProcessTelemetry } from '@embedding-studio/telemetry/observe';
import { startDrain } from './drain-spool.ts';
import { openFolderSpool } from './folder-spool.ts';

export interface SpoolSettings {
  /** One folder below it for each project. */
  folder: string;
  /** For each project; 0: nothing is spooled, and the same stores come back. */
  bytesMax: number;
  gatherMs?: number;
  drainEveryMs?: number;
}

export interface Spools {
  /** With stores whose clickstream may wait for the document store. */
  projects: ReadonlyMap<string, CoreDeps>;
  /** Ends within seconds; what still waits then is stored after the next start. */
  close(): Promise<void>;
}

/** Puts a spool before the document store of every project, and begins to store what an earlier process left there. */
export async function openSpools(
  projects: ReadonlyMap<string, CoreDeps>,
  { settings, telemetry }: { settings: SpoolSettings; telemetry?: Pick<ProcessTelemetry, 'beforeScrape'> },
): Promise<Spools> {
  if (settings.bytesMax === 0) return { projects, close: async () => undefined };
  const opened = await Promise.all(
    [...projects].map(async ([project, deps]) => ({ project, ...(await openSpool(deps, { project, settings })) })),
  );
  for (const { tell } of opened) telemetry?.beforeScrape(tell);
  return {
    projects: new Map(opened.map(({ project, deps }) => [project, deps])),
    close: async () => void (await Promise.all(opened.map(({ drain }) => drain.close()))),
  };
}

async function openSpool(deps: CoreDeps, { project, settings }: { project: string; settings: SpoolSettings }) {
  const { folder, bytesMax, gatherMs = 100, drainEveryMs = 1_000 } = settings;
  const { clock, log, telemetry } = deps;
  const spool = await openFolderSpool({
    ...{ folder: join(folder, project), bytesMax, gatherMs },
    ...{ project, clock, log, telemetry },
  });
  const ctx: Ctx = { actor: { kind: 'system', job: 'spool' }, requestId: newId('request'), deps };
  const drain = startDrain({ spool, ctx, project, everyMs: drainEveryMs });
  const tell = (): void => {
    const { bytes, ageSeconds } = spool.describe();
    telemetry.gauge('embedding_studio_spool_bytes', { project }, bytes);
    telemetry.gauge('embedding_studio_spool_age_seconds', { project }, ageSeconds);
  };
  return { deps: { ...deps, sessions: spoolSessions(deps.sessions, spool) }, drain, tell };
}
