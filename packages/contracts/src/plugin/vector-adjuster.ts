import type { PluginBase } from './plugin.ts';

/** What one judged result says about an item's vector. */
export interface AdjustmentEvidence {
  /** Vector of the query, in the space of the item's vector, unit length. */
  vector: Float32Array;
  /** How sure: 1 is one satisfied click; above 0. */
  weight: number;
  /** `positive`: wanted for this query. `negative`: passed over for it. */
  kind: 'positive' | 'negative';
  /** Who said so, as an opaque word; null when unknown. One voice must not move a vector alone. */
  voice: string | null;
  at: Date;
}

export interface AdjustmentInput {
  /** The item's indexed vector, unit length; never changed in place. */
  vector: Float32Array;
  evidence: readonly AdjustmentEvidence[];
  now: Date;
}

/**
 * Moves an item's vector by what sessions say of it. The result is an overlay on the indexed vector: unit length, same
 * dimensions, all finite. No evidence gives the vector back. Pure: equal input gives equal output.
 */
export interface VectorAdjuster<Config = unknown> extends PluginBase<'vector-adjuster', Config> {
  adjust(input: AdjustmentInput, config: Config): Float32Array;
}
