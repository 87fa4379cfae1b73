import { z } from 'zod';

export const OffsetPage = z.object({
  offset: z.number().int().min(0).max(1_000_000).default(0),
  limit: z.number().int().min(1).max(1_000).default(100),
});

export const KeysetPage = z.object({
  after: z.string().max(200).nullable().default(null),
  limit: z.number().int().min(1).max(1_000).default(100),
});
