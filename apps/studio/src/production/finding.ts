export type FindingState = 'ok' | 'warn' | 'fail';

/** One line of `studio doctor --production`. */
export interface Finding {
  what: string;
  state: FindingState;
  found: string;
  /** What to do about it; empty where nothing is. */
  advice: string;
}

export const ok = (what: string, found: string): Finding => ({ what, state: 'ok', found, advice: '' });
export const warn = (what: string, found: string, advice: string): Finding => ({ what, state: 'warn', found, advice });
export const fail = (what: string, found: string, advice: string): Finding => ({ what, state: 'fail', found, advice });

export type Environment = Readonly<Record<string, string | undefined>>;
