/** Too few observations for a number that means anything. */
export interface Insufficient {
  kind: 'insufficient';
  have: number;
  need: number;
}

/** The input itself cannot be used; the reason names what is wrong. */
export interface Invalid {
  kind: 'invalid';
  reason: string;
}

/** No sentinel numbers: a result is an estimate, or it says why there is none. */
export type Result<T> = ({ kind: 'estimated' } & T) | Insufficient | Invalid;

export function findFault(values: ArrayLike<number>, need: number): Insufficient | Invalid | null {
  for (let index = 0; index < values.length; index++)
    if (!Number.isFinite(values[index])) return { kind: 'invalid', reason: `value ${index} is not a finite number` };
  return values.length < need ? { kind: 'insufficient', have: values.length, need } : null;
}
