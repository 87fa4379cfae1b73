import type { AnyPlugin, PluginKind, PluginListing, PluginOf } from '../plugin/index.ts';

/** The plugins of this process: built-in ones and those that were discovered at its start. */
export interface PluginRegistry {
  /** All of them, failed ones too, ordered by kind and id. */
  listPlugins(): PluginListing[];
  /** A plugin that can be called now; null when it is unknown, of another kind, failed or suspended. */
  findPlugin<Kind extends PluginKind>(kind: Kind, id: string): PluginOf[Kind] | null;
  /** Counts a call that threw or came too late; too many in a row suspend the plugin for a while. */
  reportFailure(plugin: AnyPlugin, reason: string): void;
  /** Ends a row of failures. */
  reportSuccess(plugin: AnyPlugin): void;
}
