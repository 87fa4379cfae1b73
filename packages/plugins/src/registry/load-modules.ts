import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type PluginSource, pluginApiVersion, StudioError } from '../spec/index.ts';
import type { FoundModule } from './find-modules.ts';

/** An exported value that wants to be a plugin, or the reason why there is none. */
export type ExportedValue = { source: PluginSource } & ({ value: unknown } | { error: StudioError });

/** Handed to a module that exports a function: lets a single file do without imports. */
export const pluginKit = { apiVersion: pluginApiVersion, z, StudioError } as const;
export type PluginKit = typeof pluginKit;

/** A module may fetch things while it loads; it may not hold up the start for ever. */
const loadTimeoutMs = 10_000;

/** Imports modules one by one, in order; what one of them does wrong stays its own affair. */
export async function loadModules(modules: readonly FoundModule[]): Promise<ExportedValue[]> {
  const values: ExportedValue[] = [];
  for (const { source, path, error } of modules) {
    if (path === null) {
      values.push({ source, error: error ?? new StudioError('INTERNAL', 'Nothing to load') });
      continue;
    }
    try {
      const exported = await withTimeout(readExports(path), loadTimeoutMs);
      values.push(...exported.map((value) => ({ source, value })));
    } catch (cause) {
      const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      values.push({ source, error: new StudioError('SETTINGS_INVALID', `Cannot be loaded: ${message}`, { cause }) });
    }
  }
  return values;
}

/** The default export: a plugin, a list of plugins, or a function that is given the kit and returns either. */
async function readExports(path: string): Promise<unknown[]> {
  const module: Record<string, unknown> = await import(pathToFileURL(path).href);
  if (!('default' in module)) throw new StudioError('SETTINGS_INVALID', 'the module has no default export');
  const exported = module.default;
  const made: unknown = typeof exported === 'function' ? await exported(pluginKit) : exported;
  return Array.isArray(made) ? made : [made];
}

async function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StudioError('SETTINGS_INVALID', `not loaded after ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
