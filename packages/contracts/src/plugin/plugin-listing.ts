import type { PluginKind, PluginNeed } from './plugin.ts';

/** Where a plugin came from: built in, a file of the plugin folder, or an installed package. */
export interface PluginSource {
  type: 'built-in' | 'folder' | 'package';
  /** File name or package name; empty for built-ins. */
  name: string;
}

/** A plugin as operators see it: usable, or kept out with the reason. */
export interface PluginListing {
  /** Null when the module could not be read far enough to know. */
  id: string | null;
  kind: PluginKind | null;
  version: string | null;
  title: string;
  description: string;
  needs: readonly PluginNeed[];
  /** JSON Schema (draft 2020-12) of the config; null for a failed plugin. */
  configSchema: Record<string, unknown> | null;
  source: PluginSource;
  /** `suspended`: loaded, but left out for a while after failing again and again. */
  status: 'ready' | 'suspended' | 'failed';
  /** Why it is not `ready`. */
  error: string | null;
}
