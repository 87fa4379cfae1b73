import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  name: string;
  exports?: Record<string, unknown>;
}

/** Every entry of every workspace package → its source file: `@embedding-studio/ml/ranking` → `…/src/ranking/index.ts`. */
export function listWorkspaceSources(root: string): Map<string, string> {
  const sources = new Map<string, string>();
  for (const folder of readdirSync(join(root, 'packages'))) {
    const path = join(root, 'packages', folder, 'package.json');
    if (!existsSync(path)) continue;
    const { name, exports = {} } = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    for (const [entry, target] of Object.entries(exports))
      if (typeof target === 'string') sources.set(`${name}${entry.slice(1)}`, join(root, 'packages', folder, target));
  }
  return sources;
}
