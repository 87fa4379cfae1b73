import { z } from 'zod';

/** `query`: only queries move, what is stored stays; `both`: queries and items move by the same map. */
export const AdapterSide = z.enum(['query', 'both']);
export type AdapterSide = z.infer<typeof AdapterSide>;

/** x′ = norm((I + U Vᵀ) x + b): moves vectors of unit length by a low-rank map, and keeps their length. */
export interface LinearAdapter {
  dims: number;
  rank: number;
  /** [dims][rank] */
  u: Float32Array;
  /** [dims][rank] */
  v: Float32Array;
  /** [dims] */
  bias: Float32Array;
}

/** What an adapter's training needs beside the settings that all trainings have. */
export interface AdapterSettings {
  side: AdapterSide;
  rank: number;
  /** Weight of ‖U Vᵀ‖² + ‖b‖² beside the mean loss: the higher, the nearer to leaving vectors as they are. */
  ridge: number;
  /** Items drawn at random into every batch, beside what was clicked and passed over. */
  randomNegatives: number;
  /** Learns from, and moves the queries of, this tenant alone; null: all. */
  tenant: string | null;
}

/** Stored vectors and who clicked what; rows are numbers into `queries` and `items`. */
export interface AdapterTrainingSet {
  dims: number;
  /** [query][dims], unit length; equal texts share a row. */
  queries: Float32Array;
  /** [item][dims], unit length; also items that nobody clicked. */
  items: Float32Array;
  examples: {
    query: number;
    clicked: { item: number; weight: number }[];
    /** Shown, examined and not clicked. */
    skipped: number[];
  }[];
}

/** Which adapter moves the queries of a collection; part of the collection's row. */
export const QueryAdapterRef = z.object({
  /** null: queries of every tenant that has none of its own. */
  tenant: z.string().nullable(),
  /** The model whose artefact holds the adapter; null: queries stay as they are. */
  modelId: z.string().nullable(),
  /** Grows by one with every change. */
  version: z.number().int().positive(),
  setAt: z.coerce.date(),
  /** What a rollback returns to; `ranking` where the weights changed with it. */
  previous: z.object({ modelId: z.string().nullable(), ranking: z.record(z.string(), z.unknown()).nullable() }),
});
export type QueryAdapterRef = z.infer<typeof QueryAdapterRef>;
