import { type ProjectionChunk, type ProjectionManifest, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise, authoriseSome, reaches } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { findManifest, listManifests, readChunk } from './projection-files.ts';

/** Maps that have been made, newest first. */
export async function listProjections({ ctx }: { ctx: Ctx }): Promise<ProjectionManifest[]> {
  authoriseSome(ctx, 'collection.read');
  return (await listManifests(ctx)).filter(({ collectionId }) => reaches(ctx.actor, collectionId));
}

export const GetProjectionChunkInput = z.object({
  collectionId: z.string().min(1).max(128),
  /** Of the manifest: a map that has been replaced since is refused. */
  taskId: z.string().min(1).max(128),
  chunk: z.number().int().min(0).max(1_000),
});
export type GetProjectionChunkInput = z.input<typeof GetProjectionChunkInput>;

/** Up to 1,000 points; the chunk after the last one holds the queries. */
export async function getProjectionChunk({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: GetProjectionChunkInput;
}): Promise<ProjectionChunk> {
  const { collectionId, taskId, chunk } = parseInput(GetProjectionChunkInput, input);
  authorise(ctx, 'collection.read', collectionId);
  const manifest = await findManifest(ctx, collectionId);
  if (manifest === null || manifest.taskId !== taskId)
    throw new StudioError('INPUT_INVALID', 'taskId: this map has been replaced; load the list of maps again.', {
      field: 'taskId',
    });
  if (chunk > manifest.chunks)
    throw new StudioError('INPUT_INVALID', `chunk: the map has ${manifest.chunks + 1} chunks.`, { field: 'chunk' });
  return readChunk(ctx, manifest, chunk);
}
