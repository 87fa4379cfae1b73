import type { Clock, FineTuningMethod, Loader, Log, PluginRegistry } from '@embedding-studio/contracts';
import { createPostgresLoader } from '@embedding-studio/db/source';
import { createHostGuard, createLoaders } from '@embedding-studio/integrations/sources';
import { builtInPlugins } from '@embedding-studio/plugins/built-ins';
import { openPluginRegistry } from '@embedding-studio/plugins/registry';
import type { StudioSettings } from './settings.ts';

export interface OpenedPlugins {
  plugins: PluginRegistry;
  /** Methods of all plugins, by name. */
  methods: Record<string, FineTuningMethod>;
}

/** Default: no folder and no private host. */
type SourceSettings = Partial<Pick<StudioSettings, 'SOURCE_FOLDERS' | 'SOURCE_PRIVATE_HOSTS'>>;

/** Finds the plugins that the settings name, beside those that are built in. */
export async function openPlugins({
  settings,
  clock,
  log,
}: {
  settings: Pick<StudioSettings, 'PLUGIN_FOLDER' | 'PLUGIN_PACKAGES'> & SourceSettings;
  clock: Clock;
  log: Log;
}): Promise<OpenedPlugins> {
  const names = settings.PLUGIN_PACKAGES.split(',').map((name) => name.trim());
  const plugins = await openPluginRegistry({
    builtIns: [...builtInPlugins, ...openLoaders(settings)],
    folder: settings.PLUGIN_FOLDER,
    // Packages that an operator adds lie beside the product's own.
    packages: { names: names.filter((name) => name !== ''), from: import.meta.dirname },
    clock,
    log,
  });
  const ready = plugins.listPlugins().flatMap(({ id }) => plugins.findPlugin('fine-tuning-method', id ?? '') ?? []);
  return { plugins, methods: Object.fromEntries(ready.map(({ id, method }) => [id, method])) };
}

function openLoaders(settings: SourceSettings): Loader[] {
  const guard = createHostGuard({ allowed: settings.SOURCE_PRIVATE_HOSTS ?? [] });
  const postgres = createPostgresLoader({ resolveHost: (host) => guard.resolve(host) }) as Loader;
  return [...createLoaders({ guard, folders: settings.SOURCE_FOLDERS ?? [] }), postgres];
}
