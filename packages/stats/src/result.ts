/** Too few observations for a number that means anything. */
export interface Insufficient {
  kind: 'insufficient';
  /** What is missing, in words for a reader. */
  reason: string;
  have: number;
  /** Left out where no number can be promised. */
  needed?: number;
}

/** The input itself cannot be used; the reason names what is wrong. */
export interface Invalid {
  kind: 'invalid';
  reason: string;
}

export type Fault = Insufficient | Invalid;

/** No sentinel numbers: a result is an estimate, or it says why there is none. */
export type Result<T> = ({ kind: 'estimated' } & T) | Fault;

export function findFault(values: ArrayLike<number>, needed: number): Fault | null {
  for (let index = 0; index < values.length; index++)
    if (!Number.isFinite(values[index])) return { kind: 'invalid', reason: `value ${index} is not a finite number` };
  return values.length < needed
    ? { kind: 'insufficient', reason: `${needed} values are needed`, have: values.length, needed }
    : null;
}
