import { ProjectionChunk, ProjectionManifest } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

const root = 'projections/';
const manifestKey = (collectionId: string) => `${root}${collectionId}/manifest.json`;
const chunkKey = ({ collectionId, taskId }: Made, chunk: number) =>
  `${root}${collectionId}/${taskId}/chunk-${String(chunk).padStart(4, '0')}.json`;

type Made = Pick<ProjectionManifest, 'collectionId' | 'taskId'>;

async function readJson(ctx: Ctx, key: string): Promise<unknown> {
  return JSON.parse(Buffer.from(await ctx.deps.objects.getObject(key)).toString('utf8'));
}

async function writeJson(ctx: Ctx, key: string, value: unknown): Promise<void> {
  await ctx.deps.objects.putObject(key, Buffer.from(JSON.stringify(value)));
}

export async function findManifest(ctx: Ctx, collectionId: string): Promise<ProjectionManifest | null> {
  const key = manifestKey(collectionId);
  return (await ctx.deps.objects.hasObject(key)) ? ProjectionManifest.parse(await readJson(ctx, key)) : null;
}

/** Newest first. */
export async function listManifests(ctx: Ctx): Promise<ProjectionManifest[]> {
  const keys = (await ctx.deps.objects.listObjects(root)).map(({ key }) => key);
  const wanted = keys.filter((key) => key.endsWith('/manifest.json'));
  const found = await Promise.all(wanted.map((key) => readJson(ctx, key)));
  const manifests = found.map((value) => ProjectionManifest.parse(value));
  return manifests.sort((left, right) => right.createdAt.getTime() - left.createdAt.getTime());
}

export async function readChunk(ctx: Ctx, made: Made, chunk: number): Promise<ProjectionChunk> {
  return ProjectionChunk.parse(await readJson(ctx, chunkKey(made, chunk)));
}

/** Readers see the old map or the new one: the manifest comes last, and what it replaces goes after it. */
export async function writeProjection(
  ctx: Ctx,
  { manifest, chunks }: { manifest: ProjectionManifest; chunks: readonly ProjectionChunk[] },
): Promise<void> {
  const old = await findManifest(ctx, manifest.collectionId);
  for (const [index, chunk] of chunks.entries()) await writeJson(ctx, chunkKey(manifest, index), chunk);
  await writeJson(ctx, manifestKey(manifest.collectionId), manifest);
  if (old !== null && old.taskId !== manifest.taskId)
    await ctx.deps.objects.deleteObjects(`${root}${old.collectionId}/${old.taskId}/`);
}

/** Folders of maps: one of each task that wrote to it, whether it ended well or not. */
export async function listMapFolders(ctx: Ctx): Promise<{ folder: string; collectionId: string; taskId: string }[]> {
  const folders = new Map<string, { folder: string; collectionId: string; taskId: string }>();
  for (const { key } of await ctx.deps.objects.listObjects(root)) {
    const [collectionId, taskId, file] = key.slice(root.length).split('/');
    if (collectionId === undefined || taskId === undefined || file === undefined) continue;
    const folder = `${root}${collectionId}/${taskId}/`;
    folders.set(folder, { folder, collectionId, taskId });
  }
  return [...folders.values()];
}

export const mapFolderOf = (collectionId: string): string => `${root}${collectionId}/`;

export function pointsOf({ xy }: ProjectionChunk): Float32Array {
  const bytes = Buffer.from(xy, 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4));
}

export function textOf(points: Float32Array): string {
  const bytes = Buffer.alloc(points.length * 4);
  for (const [at, value] of points.entries()) bytes.writeFloatLE(value, at * 4);
  return bytes.toString('base64');
}
