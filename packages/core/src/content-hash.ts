import { createHash } from 'node:crypto';

/** SHA-256, hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A stable id in the form of `newId` for something that a client has already named. */
export function derivedId(prefix: string, name: string): string {
  return `${prefix}_${sha256(name).slice(0, 32)}`;
}
