import { z } from 'zod';

/** Numbers of one point, by place in the chunk. */
export const ProjectionChunk = z.object({
  ids: z.array(z.string()),
  /** Cut to a length that fits a label. */
  titles: z.array(z.string()),
  /** x and y of each, little-endian float32, base64. */
  xy: z.string(),
  /** Place in the manifest's `categories`; −1: none of them. */
  category: z.array(z.number().int()),
  /** In the latest sessions: how often shown, and clicked at least once. */
  shown: z.array(z.number().int()),
  clicks: z.array(z.number().int()),
});
export type ProjectionChunk = z.infer<typeof ProjectionChunk>;

/** A map of a collection's items in two dimensions, as stored beside its chunks. */
export const ProjectionManifest = z.object({
  collectionId: z.string(),
  modelId: z.string(),
  /** Made it; names the folder of its chunks. */
  taskId: z.string(),
  createdAt: z.coerce.date(),
  items: z.number().int(),
  /** Of the collection when the map was made: more than `items` where only a sample is on it. */
  itemsTotal: z.number().int(),
  chunks: z.number().int(),
  /** Queries on the map are one chunk more. */
  queries: z.number().int(),
  /** Payload field of the categories; null: none was found. */
  field: z.string().nullable(),
  /** Most frequent first. */
  categories: z.array(z.string()),
  /** The map that this one was laid on, by the items that both have; residual 0 (the same) to 1 (nothing alike). */
  alignedTo: z.object({ collectionId: z.string(), shared: z.number().int(), residual: z.number() }).nullable(),
});
export type ProjectionManifest = z.infer<typeof ProjectionManifest>;
