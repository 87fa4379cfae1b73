import { isStudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { listManifests, listMapFolders, mapFolderOf } from './projection-files.ts';

/**
 * Folders of objects that no map of today leads to: replaced ones, those of tasks that failed, and all of a collection
 * that is retired or gone. What a task may still be writing is left alone.
 */
export async function findSpentMaps(ctx: Ctx): Promise<string[]> {
  const manifests = await listManifests(ctx);
  const current = new Map(manifests.map(({ collectionId, taskId }) => [collectionId, taskId]));
  const folders = await listMapFolders(ctx);
  const collectionIds = new Set([...current.keys(), ...folders.map(({ collectionId }) => collectionId)]);
  const spent: string[] = [];
  const gone = new Set<string>();
  for (const collectionId of collectionIds) if (await isGone(ctx, collectionId)) gone.add(collectionId);
  for (const { folder, collectionId, taskId } of folders)
    if (!gone.has(collectionId) && current.get(collectionId) !== taskId && !(await isOpen(ctx, taskId)))
      spent.push(folder);
  return [...[...gone].map(mapFolderOf), ...spent];
}

async function isGone(ctx: Ctx, collectionId: string): Promise<boolean> {
  try {
    return (await ctx.deps.collections.getCollection(collectionId)).status === 'retired';
  } catch (error) {
    if (isStudioError(error) && error.code === 'COLLECTION_NOT_FOUND') return true;
    throw error;
  }
}

async function isOpen(ctx: Ctx, taskId: string): Promise<boolean> {
  try {
    const { status } = await ctx.deps.tasks.getTask(taskId);
    return status === 'pending' || status === 'processing';
  } catch (error) {
    if (isStudioError(error) && error.code === 'TASK_NOT_FOUND') return false;
    throw error;
  }
}
