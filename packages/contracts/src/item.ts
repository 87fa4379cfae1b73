import { z } from 'zod';

export const ItemId = z.string().min(1).max(128);

/** Longest image file, bytes. */
export const imageBytesMax = 4 * 1024 * 1024;

const given = (image: object): number => Object.values(image).filter((value) => value !== undefined).length;

/** A picture of an item, in one of three ways. */
export const ItemImage = z
  .strictObject({
    /** Fetched when the item is written. */
    url: z
      .url({ protocol: /^https$/, error: 'must be an https address' })
      .max(2_048)
      .optional(),
    /** PNG, JPEG or WebP in base64. */
    data: z
      .base64()
      .min(1)
      .max(Math.ceil(imageBytesMax / 3) * 4)
      .optional(),
    /** SHA-256 (hex) of a file that was sent before. */
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
  })
  .refine((image) => given(image) === 1, 'takes exactly one of url, data and sha256');
export type ItemImage = z.infer<typeof ItemImage>;

/** What an application sends: title and text are searched by words and meaning; payload is returned with hits. */
export const ItemInput = z.object({
  id: ItemId,
  title: z.string().max(2_000).default(''),
  text: z.string().max(200_000).default(''),
  payload: z.record(z.string(), z.unknown()).default({}),
  /** Searched by what it shows, where the model reads images. */
  image: ItemImage.optional(),
});
export type ItemInput = z.infer<typeof ItemInput>;

/** An item as stored, with what is embedded of it. */
export interface ItemRecord {
  id: string;
  title: string;
  /** Everything searchable by words besides the title: text, then payload strings. */
  body: string;
  payload: Record<string, unknown>;
  /** Hash of title, body and parts: unchanged items are not embedded again. */
  contentHash: string;
  /** Texts to embed, in order; at least one where there is no picture. */
  parts: string[];
  /** SHA-256 of the picture's file in the object store; embedded as one more part behind the texts. */
  image?: string;
}

/** What rankers may know of an item; `createdAt`: when it was first stored. */
export type RankerItem = Pick<ItemRecord, 'id' | 'payload'> & { createdAt: Date };

/** What a search answers with: an item without the texts that are only searched. */
export type HitItem = Pick<ItemRecord, 'id' | 'title' | 'payload'>;

/** Where an item failed: read from its source, checked, made into texts, embedded, or written. */
export const FailureStage = z.enum(['load', 'validate', 'compose', 'embed', 'store', 'other']);
export type FailureStage = z.infer<typeof FailureStage>;

/** A plugin that texts go through before they are embedded, with its config. */
export const ContentPlugin = z.strictObject({
  id: z.string().min(1).max(100),
  config: z.record(z.string(), z.unknown()).default({}),
});
export type ContentPlugin = z.infer<typeof ContentPlugin>;

/** How texts become parts: processors in order, then the splitter; null cuts by words as the settings say. */
export const ItemProcessing = z.strictObject({
  textProcessors: z.array(ContentPlugin).max(8).default([]),
  splitter: ContentPlugin.nullable().default(null),
});
export type ItemProcessing = z.infer<typeof ItemProcessing>;

export interface ItemFailure {
  itemId: string;
  stage: FailureStage;
  detail: string;
}
