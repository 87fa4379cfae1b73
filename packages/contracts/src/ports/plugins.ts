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
  /** The stem of each word and the items that contain it now, in order; an empty stem for what is no word. */
  countWords(words: readonly string[]): Promise<{ stem: string; items: number }[]>;
  /**
   * Words as texts spell them, in lower case, with their stems: those of a page of items, evenly chosen so that all
   * pages together read at most `itemsMax`. `after` of the answer asks for the next page; null behind the last one.
   */
  listWords(page: {
    after: number;
    items: number;
    itemsMax: number;
  }): Promise<{ words: { word: string; stem: string }[]; after: number | null }>;
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
