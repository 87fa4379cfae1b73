import type { AnyTask } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { imageKey, imagesFolder } from '../item/item-images.ts';

const perPage = 200;
const tasksPerPage = 20;
/** Longer than from a picture's coming to its item's writing. */
const leastAgeMs = 86_400_000;

export interface SweptImages {
  /** Called after each page, with how many of it were erased. */
  keep(erased: number): Promise<void>;
}

/**
 * Erases pictures that no item refers to any more and no task may still write. Rows decide, and go first; what is erased
 * is not found again, so that an interrupted sweep goes on by starting anew.
 */
export async function sweepImages(ctx: Ctx, { keep }: SweptImages): Promise<void> {
  const { clock, items, objects } = ctx.deps;
  const before = clock.now().getTime() - leastAgeMs;
  const old = (await objects.listObjects(imagesFolder)).filter(({ writtenAt }) => writtenAt.getTime() < before);
  if (old.length === 0) return;
  const hashes = old.map(({ key }) => key.slice(imagesFolder.length));
  const awaited = await listAwaited(ctx);
  for (let start = 0; start < hashes.length; start += perPage) {
    const page = hashes.slice(start, start + perPage).filter((hash) => !awaited.has(hash));
    const used = new Set(await items.findUsedImages(page));
    let erased = 0;
    for (const hash of page) {
      if (used.has(hash) || !(await isOld(ctx, hash, before))) continue;
      await objects.deleteObjects(imageKey(hash));
      erased += 1;
    }
    await keep(erased);
  }
}

/** Asked again: it may have been sent once more since. */
async function isOld(ctx: Ctx, hash: string, before: number): Promise<boolean> {
  const [found] = await ctx.deps.objects.listObjects(imageKey(hash));
  return found !== undefined && found.writtenAt.getTime() < before;
}

/** Of upsertions that wait, run, or may be run again. */
async function listAwaited(ctx: Ctx): Promise<Set<string>> {
  const awaited = new Set<string>();
  for (const status of ['pending', 'processing', 'failed'] as const)
    for (let offset = 0; ; offset += tasksPerPage) {
      const tasks = await ctx.deps.tasks.listTasks({ kind: 'upsertion', status, offset, limit: tasksPerPage });
      for (const hash of tasks.flatMap(imagesOf)) awaited.add(hash);
      if (tasks.length < tasksPerPage) break;
    }
  return awaited;
}

function imagesOf(task: AnyTask): string[] {
  if (task.kind !== 'upsertion') return [];
  const items: readonly { image?: { sha256?: string } }[] = task.input.items;
  return items.flatMap(({ image }) => image?.sha256 ?? []);
}
