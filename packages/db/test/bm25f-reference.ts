import type { RankingProfile } from '@embedding-studio/contracts';

interface Document {
  id: string;
  title: string[];
  body: string[];
}

function countWord(words: readonly string[], word: string): number {
  return words.filter((each) => each === word).length;
}

function meanLength(documents: readonly Document[], field: 'title' | 'body'): number {
  return documents.reduce((sum, document) => sum + document[field].length, 0) / documents.length;
}

function normalise(words: readonly string[], word: string, field: { b: number; mean: number }): number {
  const count = countWord(words, word);
  return count === 0 ? 0 : count / (1 - field.b + (field.b * words.length) / field.mean);
}

/** BM25F straight from its formula, over words that stemming leaves alone. */
export function scoreBm25f(
  documents: readonly Document[],
  query: readonly string[],
  settings: RankingProfile['lexical'],
): { scores: Map<string, number>; scale: number } {
  const words = [...new Set(query)].filter((word) =>
    documents.some((d) => d.title.includes(word) || d.body.includes(word)),
  );
  const idf = new Map(
    words.map((word) => {
      const df = documents.filter((d) => d.title.includes(word) || d.body.includes(word)).length;
      return [word, Math.log(1 + (documents.length - df + 0.5) / (df + 0.5))];
    }),
  );
  const [meanTitle, meanBody] = [meanLength(documents, 'title'), meanLength(documents, 'body')];
  const scores = new Map<string, number>();
  for (const document of documents) {
    let score = 0;
    for (const word of words) {
      const title = normalise(document.title, word, { b: settings.titleB, mean: meanTitle });
      const body = normalise(document.body, word, { b: settings.bodyB, mean: meanBody });
      const frequency = settings.titleWeight * title + settings.bodyWeight * body;
      score += ((idf.get(word) ?? 0) * frequency) / (settings.k1 + frequency);
    }
    scores.set(document.id, score);
  }
  return { scores, scale: [...idf.values()].reduce((sum, value) => sum + value, 0) };
}
