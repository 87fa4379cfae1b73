import { type PhraseToken, tokenisePhrase, tokensMax } from './phrase-tokens.ts';

/** Typed text as tokens; the last one is still being written unless white space follows it. */
export interface TypedText {
  text: string;
  tokens: PhraseToken[];
  isLastOpen: boolean;
}

/** One way to read what was typed as the beginning of a phrase. */
export interface PrefixPlan {
  /** Beginning of a key. */
  prefix: string;
  /** Tokens passed over at the start of what was typed. */
  skipped: number;
  /** Whole tokens that the prefix holds. */
  whole: number;
  isCorrected: boolean;
}

export function readTyped(text: string): TypedText {
  const tokens = tokenisePhrase(text).slice(-tokensMax);
  return { text, tokens, isLastOpen: tokens.length > 0 && !/\s$/u.test(text) };
}

/** From all that was typed down to its last token: people go on with a new thought in the middle of a query. */
export function planPrefixes(typed: TypedText, words: readonly string[] = wordsOf(typed)): PrefixPlan[] {
  const isCorrected = words.some((word, index) => word !== typed.tokens[index]?.text);
  const whole = typed.tokens.length - (typed.isLastOpen ? 1 : 0);
  return typed.tokens.map((_, skipped) => ({
    prefix: words.slice(skipped).join(' ') + (typed.isLastOpen ? '' : ' '),
    skipped,
    whole: whole - skipped,
    isCorrected,
  }));
}

export function wordsOf(typed: TypedText): string[] {
  return typed.tokens.map(({ text }) => text);
}
