import type { SimilarWord, Vocabulary, WordStore } from '@embedding-studio/contracts';
import { buildSpellingIndex, type CountedWord, type SpellingIndex } from '@embedding-studio/ml/text';

const page = 5_000;
const stemsMax = 500_000;
const cacheMax = 10_000;
/** A stem of a single item is as likely a slip as the word that was typed. */
const itemsMin = 2;
const correctable = /^[\p{L}\p{M}]{3,}$/u;

/** Items whose texts say how words are spelt; a larger catalogue is read at every n-th item. */
const itemsRead = 20_000;
const itemsPerPage = 500;
const spelledMax = 300_000;

/**
 * Reads the words of the catalogue into memory. A query of words that its texts contain then asks the store nothing;
 * any other word is asked for each time, so that one of an item that came a moment ago is known at once.
 */
export async function loadVocabulary(words: WordStore): Promise<Vocabulary> {
  const counts = new Map<string, number>();
  const usable: CountedWord[] = [];
  for (let after: string | null = null; counts.size < stemsMax; ) {
    const stems: { stem: string; items: number }[] = await words.listStems({ after, limit: page });
    for (const { stem, items } of stems) {
      counts.set(stem, items);
      if (items >= itemsMin && correctable.test(stem)) usable.push({ word: stem, items });
    }
    after = stems.at(-1)?.stem ?? null;
    if (stems.length < page) break;
  }
  const index = await buildSpellingIndex(usable);
  return new LoadedVocabulary(words, { counts: await countSpelled(words, counts), index });
}

/** How many items contain each word as texts spell it. */
async function countSpelled(words: WordStore, counts: ReadonlyMap<string, number>): Promise<Map<string, number>> {
  const spelled = new Map<string, number>();
  for (let after: number | null = 0; after !== null && spelled.size < spelledMax; ) {
    const found: Awaited<ReturnType<WordStore['listWords']>> = await words.listWords({
      ...{ after, items: itemsPerPage, itemsMax: itemsRead },
    });
    for (const { word, stem } of found.words) {
      const items = counts.get(stem) ?? 0;
      if (items > 0) spelled.set(word, items);
    }
    after = found.after;
  }
  return spelled;
}

interface Loaded {
  counts: ReadonlyMap<string, number>;
  index: SpellingIndex;
}

class LoadedVocabulary implements Vocabulary {
  private readonly spellings = new Map<string, string>();
  /** Stems of words that no item contains: what a stem is never changes. */
  private readonly stems = new Map<string, string>();

  constructor(
    private readonly words: WordStore,
    private readonly loaded: Loaded,
  ) {}

  async countItems(words: readonly string[]): Promise<number[]> {
    const asked = words.map((word) => word.toLowerCase());
    const unknown = [...new Set(asked)].filter((word) => this.recall(word) === null);
    const found = unknown.length === 0 ? [] : await this.words.countWords(unknown);
    const fresh = new Map(unknown.map((word, at) => [word, found[at]]));
    remember(this.stems, new Map(unknown.map((word, at) => [word, found[at]?.stem ?? ''])));
    return asked.map((word) => this.recall(word) ?? fresh.get(word)?.items ?? 0);
  }

  /** Null: only the store can tell. Texts are cut at apostrophes. */
  private recall(word: string): number | null {
    const counts = word.split(/['’]/).map((piece) => (piece === '' ? null : this.loaded.counts.get(piece)));
    return counts.every((count) => typeof count === 'number') ? Math.min(...counts) : null;
  }

  async findSimilar(word: string, options: { edits: 1 | 2; limit: number }): Promise<SimilarWord[]> {
    const stem = this.stems.get(word) ?? (await this.words.countWords([word]))[0]?.stem ?? '';
    const near = stem === '' ? [] : this.loaded.index.find(stem, options);
    await this.spellAll(near.map((each) => each.word));
    return near.flatMap(({ word: similar, edits, items }) => {
      const spelt = this.spellings.get(similar);
      return spelt === undefined ? [] : [{ word: spelt, edits, items }];
    });
  }

  private async spellAll(stems: readonly string[]): Promise<void> {
    const unknown = stems.filter((stem) => !this.spellings.has(stem));
    if (unknown.length > 0) remember(this.spellings, await this.words.spellStems(unknown));
  }
}

/** Forgets the oldest where there would be too many. */
function remember(cache: Map<string, string>, found: ReadonlyMap<string, string>): void {
  for (const [key, value] of found) cache.set(key, value);
  for (const key of cache.keys()) {
    if (cache.size <= cacheMax) return;
    cache.delete(key);
  }
}
