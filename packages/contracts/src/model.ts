import { z } from 'zod';
import { AdapterSide } from './adapter.ts';

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
  files: z.object({ 'model.onnx': z.string(), 'tokenizer.json': z.string() }),
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
