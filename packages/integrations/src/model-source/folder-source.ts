import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '@embedding-studio/contracts';
import type { SourceAccess } from './source-access.ts';

export async function fetchFromFolder({ model, modelsFolder }: SourceAccess): Promise<string> {
  if (modelsFolder === null) throw new StudioError('SOURCE_UNREACHABLE', 'no folder of base models is set');
  const folder = join(modelsFolder, model.name);
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) throw new StudioError('SOURCE_UNREACHABLE', `there is no folder ${folder}`);
  return folder;
}
