import { sha256 } from '../content-hash.ts';

/** Stands for a unit wherever it is stored: who it is cannot be read off it. */
export function unitKey(salt: string, unit: string): string {
  return sha256(`${salt}\u0000${unit}`).slice(0, 24);
}
