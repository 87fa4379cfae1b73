export interface PhraseToken {
  /** Lower case. */
  text: string;
  /** UTF-16 offsets in the text as given. */
  start: number;
  end: number;
}

export const tokensMax = 20;

const token = /[\p{L}\p{M}\p{N}_]+|[^\p{L}\p{M}\p{N}_\s]/gu;

/** Words, and each other visible character by itself. */
export function tokenisePhrase(text: string): PhraseToken[] {
  return [...text.matchAll(token)].map((match) => ({
    text: match[0].normalize('NFKC').toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** What phrases are compared by: "Wi-Fi  router" → "wi - fi router". Empty when nothing is visible. */
export function phraseKey(text: string): string {
  return tokenisePhrase(text)
    .map((each) => each.text)
    .join(' ');
}
