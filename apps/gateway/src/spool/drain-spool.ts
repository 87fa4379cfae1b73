import { type SpoolEntry, toStudioError } from '@embedding-studio/contracts';
import { type Ctx, storeSpooled } from '@embedding-studio/core';
import type { FolderSpool } from './folder-spool.ts';
import type { SpoolFile } from './spool-file.ts';

/** Entries that are stored together; a file is never split. */
const entriesAtOnce = 2_000;

export interface Drain {
  /** Tries once more and ends; what is left waits for the next start. */
  close(): Promise<void>;
}

/** Stores what waits in the spool, oldest first, as soon as the document store takes it; looks every `everyMs`. */
export function startDrain(options: { spool: FolderSpool; ctx: Ctx; project: string; everyMs: number }): Drain {
  const { everyMs } = options;
  let isClosing = false;
  let timer: NodeJS.Timeout | undefined;
  let current = Promise.resolve();
  const turn = (): void => {
    current = drainOnce(options).then(() => {
      if (!isClosing) timer = setTimeout(turn, everyMs);
    });
  };
  turn();
  return {
    async close() {
      isClosing = true;
      clearTimeout(timer);
      await current;
      await options.spool.flush();
      await drainOnce(options);
    },
  };
}

interface DrainOptions {
  spool: FolderSpool;
  ctx: Ctx;
  project: string;
}

async function drainOnce(options: DrainOptions): Promise<void> {
  try {
    const { spool } = options;
    const late = (await spool.list()).filter(({ isLate }) => isLate);
    while ((await storeFresh(options)) > entriesAtOnce);
    if (spool.isWaiting())
      await spool.handOver(async () => {
        await spool.flush();
        await storeFresh(options);
      });
    // What the store refused before stands behind no-one: it is tried after all others.
    await storeFiles(options, late);
  } catch (error) {
    const { code, message } = toStudioError(error);
    if (code === 'STORE_UNAVAILABLE') options.spool.noteAway();
    else options.ctx.deps.log.error({ code, error: message }, 'the spool is not drained');
  }
}

/** How many entries there were. */
async function storeFresh(options: DrainOptions): Promise<number> {
  const files = await options.spool.list();
  return storeFiles(
    options,
    files.filter(({ isLate }) => !isLate),
  );
}

async function storeFiles(options: DrainOptions, files: readonly SpoolFile[]): Promise<number> {
  let count = 0;
  let taken: SpoolFile[] = [];
  let entries: SpoolEntry[] = [];
  for (const file of files) {
    taken.push(file);
    for (const entry of await options.spool.read(file)) entries.push(entry);
    if (entries.length < entriesAtOnce && file !== files.at(-1)) continue;
    await storeEntries(options, { files: taken, entries });
    count += entries.length;
    [taken, entries] = [[], []];
  }
  return count;
}

async function storeEntries(
  { spool, ctx, project }: DrainOptions,
  { files, entries }: { files: readonly SpoolFile[]; entries: readonly SpoolEntry[] },
): Promise<void> {
  const { stored, refused, later } = await storeSpooled({ ctx, input: { entries } });
  if (later.length > 0) await spool.putBack(later);
  for (const file of files) await spool.remove(file);
  const { telemetry, log } = ctx.deps;
  const hopeless = Object.values(refused).reduce((sum, count) => sum + count, 0);
  telemetry.count('embedding_studio_spool_writes_total', { project, outcome: 'stored' }, stored);
  telemetry.count('embedding_studio_spool_writes_total', { project, outcome: 'refused' }, hopeless);
  if (stored + hopeless > 0) log.info({ stored, refused: hopeless, later: later.length }, 'spooled writes are stored');
}
