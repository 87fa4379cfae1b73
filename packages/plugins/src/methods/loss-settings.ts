import type { LossTerms, TrainingSettings } from '@embedding-studio/contracts';
import { z } from 'zod';

const coefficient = z.number().min(0).max(100);

/** Terms that join the loss of any method that trains an encoder; 0 and `off` leave them out. */
export const termKeys = {
  coSent: coefficient.default(0).describe('CoSENT over the graded items of each query'),
  gradedKl: coefficient.default(0).describe('KL to grades over the items of each query'),
  distill: coefficient.default(0).describe('KL to the base model’s scores over the batch'),
  anchor: coefficient.default(0).describe('Distance to the base model’s vectors on texts that no click is about'),
  anchorTexts: z.number().int().min(1).max(256).default(16),
  matryoshkaDims: z.array(z.number().int().min(2).max(8192)).max(8).default([]),
} as const;

export const guide = z.enum(['off', 'base']);

const HardNegatives = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('off') }),
  z.strictObject({
    kind: z.literal('live'),
    share: z.number().min(0.01).max(1).default(0.25),
    perQuery: z.number().int().min(1).max(16).default(1),
    margin: z.number().min(0).max(0.9).default(0.05),
  }),
]);

/** What happens around the steps of a training. */
export const aroundKeys = {
  hardNegatives: HardNegatives.default({ kind: 'off' }),
  gradCacheChunk: z
    .number()
    .int()
    .min(4)
    .max(1024)
    .nullable()
    .default(null)
    .describe('Texts that go through the encoder at once; none: by batch size'),
  replayShare: z.number().min(0).max(0.8).default(0).describe('Queries of earlier batches, as a share of all'),
  wiseFt: z.enum(['off', 'on']).default('off'),
} as const;

type Terms = z.infer<z.ZodObject<typeof termKeys>>;
type Around = z.infer<z.ZodObject<typeof aroundKeys>>;

/** The terms that are on: what is off is absent, so that settings of a run name only what it did. */
export function pickTerms(keys: Terms & { guide?: z.infer<typeof guide> }): LossTerms {
  const { coSent, gradedKl, distill, anchor, anchorTexts, matryoshkaDims } = keys;
  return {
    ...(coSent > 0 && { coSent }),
    ...(gradedKl > 0 && { gradedKl }),
    ...(distill > 0 && { distill }),
    ...(anchor > 0 && { anchor, anchorTexts }),
    ...(keys.guide === 'base' && { guide: true }),
    ...(matryoshkaDims.length > 0 && { matryoshkaDims: [...new Set(matryoshkaDims)].sort((a, b) => a - b) }),
  };
}

export function pickAround({
  wiseFt,
  replayShare,
  hardNegatives,
  gradCacheChunk,
}: Around): Pick<TrainingSettings, 'wiseFt' | 'replayShare' | 'hardNegatives' | 'gradCache'> {
  const { share, perQuery, margin } = hardNegatives.kind === 'live' ? hardNegatives : noNegatives;
  return {
    ...(share > 0 && { hardNegatives: { share, perQuery, margin } }),
    ...(gradCacheChunk !== null && { gradCache: { chunk: gradCacheChunk } }),
    ...(replayShare > 0 && { replayShare }),
    ...(wiseFt === 'on' && { wiseFt: true }),
  };
}

const noNegatives = { share: 0, perQuery: 0, margin: 0 };
