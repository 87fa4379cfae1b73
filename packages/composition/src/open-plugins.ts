import type { Clock, FineTuningMethod, Log, PluginRegistry } from '@embedding-studio/contracts';
import { builtInPlugins } from '@embedding-studio/plugins/built-ins';
import { openPluginRegistry } from '@embedding-studio/plugins/registry';
import type { StudioSettings } from './settings.ts';

export interface OpenedPlugins {
  plugins: PluginRegistry;
  /** Methods of all plugins, by name. */
  methods: Record<string, FineTuningMethod>;
}

/** Finds the plugins that the settings name, beside those that are built in. */
export async function openPlugins({
  settings,
  clock,
  log,
}: {
  settings: Pick<StudioSettings, 'PLUGIN_FOLDER' | 'PLUGIN_PACKAGES'>;
  clock: Clock;
  log: Log;
}): Promise<OpenedPlugins> {
  const names = settings.PLUGIN_PACKAGES.split(',').map((name) => name.trim());
  const plugins = await openPluginRegistry({
    builtIns: builtInPlugins,
    folder: settings.PLUGIN_FOLDER,
    // Packages that an operator adds lie beside the product's own.
    packages: { names: names.filter((name) => name !== ''), from: import.meta.dirname },
    clock,
    log,
  });
  const ready = plugins.listPlugins().flatMap(({ id }) => plugins.findPlugin('fine-tuning-method', id ?? '') ?? []);
  return { plugins, methods: Object.fromEntries(ready.map(({ id, method }) => [id, method])) };
}
