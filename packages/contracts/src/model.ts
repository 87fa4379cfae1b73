import { z } from 'zod';
import { AdapterSide } from './adapter.ts';

const RankFigures = z.object({
  /** Share of the captions that find their picture among the first ten. */
  recall10: z.number(),
  /** Mean of 1 / rank, over all ranks. */
  mrr: z.number(),
});

/** `pixel_values` [batch, 3, side, side], (pixel / 255 − mean) / std by channel → unit vectors `image_embedding`. */
export const ImageTower = z.object({
  side: z.number().int().positive(),
  mean: z.array(z.number()).length(3),
  std: z.array(z.number().positive()).length(3),
  /** By which captions it was brought into the space of the text; absent: it came so, or nothing joins the two yet. */
  alignment: z
    .object({
      captions: z.number().int().positive(),
      ridge: z.number(),
      /** A caption asks for its picture among so many, each placed by a fit that never saw it. */
      heldOut: RankFigures.extend({ pictures: z.number().int() }),
      /** The same in random order. */
      chance: RankFigures,
    })
    .optional(),
});
export type ImageTower = z.infer<typeof ImageTower>;
export type ImageAlignment = NonNullable<ImageTower['alignment']>;

/** What the model server calls an image tower: by content, for all models fine-tuned from one share it. */
export const imageTowerName = (sha256: string): string => `image-${sha256.slice(0, 32)}`;

/** The encoder with whole-number products: how it did beside the float one, and whether that was good enough to keep. */
export const Int8Variant = z.object({
  /** `model.int8.onnx` when kept, else null. */
  file: z.literal('model.int8.onnx').nullable(),
  kept: z.boolean(),
  /** In words, with the figures. */
  why: z.string(),
  /** Texts per second over those of the float encoder, measured on the machine that made it; null: not measured. */
  speedup: z.number().nullable(),
  /** Relative change of nDCG@10 when queries and items both use the variant, −.005 = half a per cent lost. */
  deltaNdcg10: z.number().nullable(),
  /** The same with the variant for the queries alone, over float item vectors. */
  deltaNdcg10Mixed: z.number().nullable(),
  queries: z.number().int(),
});
export type Int8Variant = z.infer<typeof Int8Variant>;

/**
 * Written beside `model.onnx` and `tokenizer.json` in every model artefact.
 * The ONNX graph takes int64 `input_ids` and `attention_mask` [batch, seq] (and `token_type_ids` when listed in
 * `inputs`) and returns float32 `sentence_embedding` [batch, dims] of unit length: pooling and L2 are inside.
 */
export const ModelManifest = z.object({
  formatVersion: z.literal(1),
  name: z.string().min(1),
  dims: z.number().int().positive(),
  /** Texts are cut at this many tokens, special tokens included. */
  maxTokens: z.number().int().positive(),
  inputs: z.array(z.enum(['input_ids', 'attention_mask', 'token_type_ids'])).min(2),
  output: z.string().default('sentence_embedding'),
  queryPrefix: z.string().default(''),
  itemPrefix: z.string().default(''),
  /** Id of the model that this one was fine-tuned from; null for base models. */
  parentId: z.string().nullable(),
  /** Fine-tuning method and its settings; null for base models. */
  method: z.object({ name: z.string(), settings: z.record(z.string(), z.unknown()) }).nullable(),
  /** Batch and content hash of the training examples; null for base models. */
  trainedOn: z.object({ batchId: z.string(), examplesHash: z.string(), examples: z.number().int() }).nullable(),
  /** The graph ends in an adapter over the vectors of the model `of`; without it they are those of that model. */
  adapter: z.object({ of: z.string(), side: AdapterSide, rank: z.number().int().positive() }).optional(),
  /** Lengths to which its vectors may be cut (and brought to unit length again); absent: only the whole vector. */
  matryoshkaDims: z.array(z.number().int().positive()).optional(),
  licence: z.string(),
  source: z.string(),
  /** SHA-256 (hex) of the files beside the manifest. */
  files: z.object({
    'model.onnx': z.string(),
    'tokenizer.json': z.string(),
    'image.onnx': z.string().optional(),
    'model.int8.onnx': z.string().optional(),
  }),
  /** The tower for images, `image.onnx`, whose vectors lie in the same space; none where the model reads text alone. */
  image: ImageTower.optional(),
  /** Other forms of the text encoder, measured against it; see `Int8Variant`. */
  variants: z.object({ int8: Int8Variant.optional() }).optional(),
});
export type ModelManifest = z.infer<typeof ModelManifest>;

export const ModelStatus = z.enum(['registered', 'rejected', 'live', 'standby', 'retired']);
export type ModelStatus = z.infer<typeof ModelStatus>;

export interface ModelRecord {
  id: string;
  name: string;
  status: ModelStatus;
  manifest: ModelManifest;
  /** Key prefix in the object store, e.g. `models/mdl_1/`. */
  artefactKey: string;
  createdAt: Date;
}

/** The three files of an artefact on a local disk. */
export interface ModelFiles {
  folder: string;
  manifest: ModelManifest;
}

/** What the self-check of a model found; it passed, or there would be an error instead. */
export interface ModelCheck {
  dims: number;
  /** Texts that were encoded. */
  texts: number;
  /** Largest change of a value by padding. */
  paddingDifference: number;
  /** Exact slope of the loss and the one measured along random directions. */
  gradients: { threads: number; expected: number; measured: number }[];
}
