import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StudioError } from '@embedding-studio/contracts';
import type { SourceAccess, SourceOf } from './source-access.ts';

/** The package is a dependency of this one, so it is there after an install without any network. */
export async function fetchFromNpm(_access: SourceAccess, source: SourceOf<'npm'>): Promise<string> {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${source.packageName}/package.json`);
    return join(dirname(manifest), source.folder);
  } catch (error) {
    throw new StudioError('SOURCE_UNREACHABLE', `npm package ${source.packageName} is not installed`, { cause: error });
  }
}
