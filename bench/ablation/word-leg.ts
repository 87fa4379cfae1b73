import type { RankingProfile } from '@embedding-studio/contracts';

export interface WordLeg {
  /** Scores of the items with a word of the query, and the sum of the idf of its known words. */
  score(query: string): { scores: Map<number, number>; scale: number };
}

/** BM25F over titles and texts in memory, words as they are: the same for every variant. */
export function openWordLeg(
  items: readonly { title: string; text: string }[],
  settings: RankingProfile['lexical'],
): WordLeg {
  const fields = items.map(({ title, text }) => [wordsOf(title), wordsOf(text)] as const);
  const [meanTitle, meanBody] = [0, 1].map((field) => meanLength(fields.map((of) => of[field === 0 ? 0 : 1])));
  const postings = new Map<string, Map<number, number>>();
  const add = (at: number, words: readonly string[], field: { weight: number; b: number; mean: number }) => {
    const share = field.weight / (1 - field.b + (field.b * words.length) / field.mean);
    for (const word of words) {
      const found = postings.get(word) ?? new Map<number, number>();
      found.set(at, (found.get(at) ?? 0) + share);
      postings.set(word, found);
    }
  };
  fields.forEach(([title, body], at) => {
    add(at, title, { weight: settings.titleWeight, b: settings.titleB, mean: meanTitle ?? 1 });
    add(at, body, { weight: settings.bodyWeight, b: settings.bodyB, mean: meanBody ?? 1 });
  });
  return {
    score: (query) => {
      const scores = new Map<number, number>();
      let scale = 0;
      for (const word of new Set(wordsOf(query))) {
        const found = postings.get(word);
        if (found === undefined) continue;
        const idf = Math.log(1 + (items.length - found.size + 0.5) / (found.size + 0.5));
        scale += idf;
        for (const [at, frequency] of found)
          scores.set(at, (scores.get(at) ?? 0) + (idf * frequency) / (settings.k1 + frequency));
      }
      return { scores, scale };
    },
  };
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const meanLength = (texts: readonly (readonly string[])[]): number =>
  Math.max(1, texts.reduce((sum, words) => sum + words.length, 0) / Math.max(1, texts.length));
