/** No sentinel numbers: an estimate, or the reason in words why there is none. */
export type Estimate<T> = ({ kind: 'estimated' } & T) | Insufficient;

export interface Insufficient {
  kind: 'insufficient';
  reason: string;
}

export const insufficient = (reason: string): Insufficient => ({ kind: 'insufficient', reason });

/** θ from rank 1 on, θ₁ = 1; `isMeasured` is false where a value was carried down from the rank above. */
export interface Curve {
  theta: number[];
  isMeasured: boolean[];
}
