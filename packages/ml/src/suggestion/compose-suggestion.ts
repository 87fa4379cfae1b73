import { tokenisePhrase } from './phrase-tokens.ts';
import type { PrefixPlan, TypedText } from './plan-prefixes.ts';

export type MatchType = 'exact' | 'prefix' | 'fuzzy';

/** `prefix + postfix` is the phrase; it replaces the span of what was typed. */
export interface ComposedSuggestion {
  /** The words that are typed already (the first word while none is), as the phrase writes them. */
  prefix: string;
  postfix: string;
  /** UTF-16 offsets in the typed text. */
  span: { start: number; end: number };
  matchType: MatchType;
  /** Share of the typed tokens that the phrase takes up, 0–1. */
  covered: number;
}

/** How a phrase continues what was typed. */
export function composeSuggestion(input: { typed: TypedText; plan: PrefixPlan; phrase: string }): ComposedSuggestion {
  const { typed, plan, phrase } = input;
  const first = typed.tokens[plan.skipped];
  const last = typed.tokens.at(-1);
  if (first === undefined || last === undefined)
    return { prefix: '', postfix: phrase, span: { start: 0, end: 0 }, matchType: 'prefix', covered: 1 };
  const cut = tokenisePhrase(phrase)[Math.max(1, plan.whole) - 1]?.end ?? phrase.length;
  return {
    prefix: phrase.slice(0, cut),
    postfix: phrase.slice(cut),
    span: { start: first.start, end: last.end },
    matchType: matchTypeOf({ typed, plan, phrase }),
    covered: (typed.tokens.length - plan.skipped) / typed.tokens.length,
  };
}

function matchTypeOf({ typed, plan, phrase }: { typed: TypedText; plan: PrefixPlan; phrase: string }): MatchType {
  if (plan.isCorrected) return 'fuzzy';
  const last = typed.tokens.at(-1)?.text;
  return tokenisePhrase(phrase)[typed.tokens.length - plan.skipped - 1]?.text === last ? 'exact' : 'prefix';
}
