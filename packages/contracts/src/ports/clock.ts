/** Injected so that core has no ambient time. */
export interface Clock {
  now(): Date;
}
