import { ItemId } from '@embedding-studio/contracts';
import { z } from 'zod';

const metaCharsMax = 8_000;

/** What an application adds of its own; kept as it is, never interpreted. */
export const Meta = z
  .record(z.string(), z.unknown())
  .refine((meta) => JSON.stringify(meta).length <= metaCharsMax, `must be at most ${metaCharsMax} characters as JSON`);

export const EventInput = z.object({
  eventId: z.string().min(1).max(128),
  itemId: ItemId,
  type: z.string().min(1).max(100).default('click'),
  /** How long the user stayed with the item. */
  dwellSeconds: z.number().min(0).max(86_400).optional(),
  /** Where the item stood, from 1. */
  position: z.number().int().min(1).max(100_000).optional(),
  createdAt: z.date().optional(),
  meta: Meta.optional(),
});
