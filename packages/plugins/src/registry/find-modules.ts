import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { type PluginSource, StudioError } from '../spec/index.ts';

/** The keyword, and the field, by which a package says that it holds plugins. */
export const packageMark = 'embedding-studio-plugin';

export interface FoundModule {
  source: PluginSource;
  /** Absolute path; null with the reason when there is none. */
  path: string | null;
  error: StudioError | null;
}

const moduleFile = /^[^._].*\.(?:mjs|js|ts)$/;
const indexFiles = ['index.mjs', 'index.js', 'index.ts'];

/** Modules of the plugin folder, by name: files at its top, and folders with an index file. */
export async function findFolderModules(folder: string): Promise<FoundModule[]> {
  let entries: import('node:fs').Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    const error = new StudioError('SETTINGS_INVALID', `The plugin folder ${folder} cannot be read`, { cause });
    return [{ source: { type: 'folder', name: '' }, path: null, error }];
  }
  const found = entries.flatMap((entry) => {
    const path = toModulePath(join(folder, entry.name), entry);
    return path === null ? [] : [{ source: { type: 'folder' as const, name: entry.name }, path, error: null }];
  });
  return found.sort((a, b) => (a.source.name < b.source.name ? -1 : 1));
}

function toModulePath(path: string, entry: { name: string; isDirectory(): boolean }): string | null {
  if (!entry.isDirectory()) return moduleFile.test(entry.name) && !entry.name.endsWith('.d.ts') ? path : null;
  if (/^[._]/.test(entry.name) || entry.name === 'node_modules') return null;
  return indexFiles.map((name) => join(path, name)).find((file) => existsSync(file)) ?? null;
}

const Entry = z.union([z.string(), z.array(z.string()).min(1)]);
const Manifest = z.object({
  keywords: z.array(z.string()).default([]),
  main: z.string().optional(),
  exports: z.unknown().optional(),
  [packageMark]: Entry.optional(),
});

/**
 * Modules of installed packages, looked for in the `node_modules` of `from` and the folders above it. The package says
 * in its package.json which files hold plugins (`"embedding-studio-plugin": "./plugin.js"`, or a list), or carries the
 * keyword and exports them itself.
 */
export async function findPackageModules(names: readonly string[], from: string): Promise<FoundModule[]> {
  const found = await Promise.all(
    names.map(async (name): Promise<FoundModule[]> => {
      const source: PluginSource = { type: 'package', name };
      try {
        return (await listPackageFiles(name, from)).map((path) => ({ source, path, error: null }));
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        return [{ source, path: null, error: new StudioError('SETTINGS_INVALID', message, { cause }) }];
      }
    }),
  );
  return found.flat();
}

async function listPackageFiles(name: string, from: string): Promise<string[]> {
  if (!/^(?:@[a-z0-9-~][a-z0-9-._~]*\/)?[a-z0-9-~][a-z0-9-._~]*$/.test(name))
    throw new StudioError('SETTINGS_INVALID', `${name} is no package name`);
  const folder = findPackageFolder(name, resolve(from));
  if (folder === null) throw new StudioError('SETTINGS_INVALID', `Package ${name} is not installed`);
  const manifest = Manifest.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  const given = manifest[packageMark];
  if (given === undefined && !manifest.keywords.includes(packageMark))
    throw new StudioError('SETTINGS_INVALID', `Package ${name} does not say that it holds plugins (${packageMark})`);
  const entries = given === undefined ? [mainEntry(manifest.exports) ?? manifest.main ?? 'index.js'] : [given].flat();
  return entries.map((entry) => {
    const path = resolve(folder, entry);
    if (relative(folder, path).startsWith('..'))
      throw new StudioError('SETTINGS_INVALID', `Package ${name} names a file outside itself: ${entry}`);
    return path;
  });
}

function findPackageFolder(name: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (dirname(folder) === folder) return null;
  }
}

/** The file behind `.` of an exports field, for an import. */
function mainEntry(exported: unknown): string | null {
  if (typeof exported === 'string') return exported;
  if (typeof exported !== 'object' || exported === null) return null;
  const fields = exported as Record<string, unknown>;
  return mainEntry(fields['.'] ?? fields.import ?? fields.node ?? fields.default ?? null);
}
