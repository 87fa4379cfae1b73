import type { SimilarWord, Vocabulary, WordStore } from '@embedding-studio/contracts';
import { buildSpellingIndex, type CountedWord, type SpellingIndex } from '@embedding-studio/ml/text';

const page = 5_000;
const stemsMax = 500_000;
const cacheMax = 10_000;
/** A stem of a single item is as likely a slip as the word that was typed. */
const itemsMin = 2;
const correctable = /^[\p{L}\p{M}]{3,}$/u;

/** Reads all words of the catalogue; look-ups then ask the store only for stems and spellings that are new to them. */
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
  return new LoadedVocabulary(words, counts, await buildSpellingIndex(usable));
}

class LoadedVocabulary implements Vocabulary {
  private readonly stems = new Map<string, string>();
  private readonly spellings = new Map<string, string>();

  constructor(
    private readonly words: WordStore,
    private readonly counts: ReadonlyMap<string, number>,
    private readonly index: SpellingIndex,
  ) {}

  async countItems(words: readonly string[]): Promise<number[]> {
    return (await this.stemAll(words)).map((stem) => this.counts.get(stem) ?? 0);
  }

  async findSimilar(word: string, options: { edits: 1 | 2; limit: number }): Promise<SimilarWord[]> {
    const [stem = ''] = await this.stemAll([word]);
    const near = stem === '' ? [] : this.index.find(stem, options);
    await this.spellAll(near.map((each) => each.word));
    return near.flatMap(({ word: similar, edits, items }) => {
      const spelt = this.spellings.get(similar);
      return spelt === undefined ? [] : [{ word: spelt, edits, items }];
    });
  }

  private async stemAll(words: readonly string[]): Promise<string[]> {
    const unknown = [...new Set(words)].filter((word) => !this.stems.has(word));
    const stems = unknown.length === 0 ? [] : await this.words.stemWords(unknown);
    const known = words.map((word) => this.stems.get(word));
    const found = new Map(unknown.map((word, at) => [word, stems[at] ?? '']));
    remember(this.stems, found);
    return words.map((word, at) => known[at] ?? found.get(word) ?? '');
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
