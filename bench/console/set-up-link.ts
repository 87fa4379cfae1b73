import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setUpCode } from '@embedding-studio/core';

/** The link that makes the first account of an installation; it leads to sign-in where there is one. */
export function setUpLinkOf(folder: string, consoleUrl: string): string {
  const secret = readFileSync(join(folder, 'console.secret'), 'utf8').trim();
  return `${consoleUrl}/set-up?code=${setUpCode(secret)}`;
}
