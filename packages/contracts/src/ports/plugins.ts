import type { AnyPlugin, CoClicks, PluginKind, PluginListing, PluginOf, Vocabulary } from '../plugin/index.ts';

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

/** The words of all items, as the lexical index knows them (Postgres). */
export interface WordStore {
  /** Stems and the items that contain them; keyset page ordered by stem. */
  listStems(page: { after: string | null; limit: number }): Promise<{ stem: string; items: number }[]>;
  /** The stem of each word, in order; empty for what is no word. */
  stemWords(words: readonly string[]): Promise<string[]>;
  /** For each stem that some item contains, its word as texts spell it most often. */
  spellStems(stems: readonly string[]): Promise<Map<string, string>>;
}

/** What query processors may look up. Loaded when first asked for, in the background; null until then. */
export interface QueryKnowledge {
  vocabulary(): Vocabulary | null;
  coClicks(): CoClicks | null;
  /** Loads both anew and waits for it; for tests and for a start that wants it at once. */
  refresh(): Promise<void>;
}
