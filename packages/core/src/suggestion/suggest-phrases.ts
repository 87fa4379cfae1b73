import type { ServedPhrase } from '@embedding-studio/contracts';
import {
  type ComposedSuggestion,
  composeSuggestion,
  isCorrectable,
  type PrefixPlan,
  planCorrections,
  planPrefixes,
  readTyped,
  type TypedText,
  wordSignatures,
  wordsOf,
} from '@embedding-studio/ml/suggestion';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { Tag } from './phrase-input.ts';

export const SuggestPhrasesInput = z.object({
  /** What has been typed so far; white space at the end closes the last word. */
  phrase: z.string().max(500),
  domain: Tag.optional(),
  label: Tag.optional(),
  topK: z.number().int().min(0).max(100).default(3),
});
export type SuggestPhrasesInput = z.input<typeof SuggestPhrasesInput>;

export interface Suggestion extends ComposedSuggestion {
  phrase: string;
  /** 0–1, as an operator gave it or sessions taught it. */
  prob: number;
  labels: string[];
  domains: string[];
}

interface Wanted {
  domain: string | null;
  label: string | null;
  limit: number;
}

const nearWordsMax = 500;

/** Phrases that continue what is being typed: as it is typed first, then with one edit undone in a word. */
export async function suggestPhrases({ ctx, input }: { ctx: Ctx; input: SuggestPhrasesInput }): Promise<Suggestion[]> {
  authorise(ctx, 'search.read');
  const { phrase, topK, domain = null, label = null } = parseInput(SuggestPhrasesInput, input);
  if (topK === 0) return [];
  const typed = readTyped(phrase);
  // Nothing typed and no domain: everything would fit.
  if (typed.tokens.length === 0 && domain === null && label === null) return [];
  const wanted = { domain, label, limit: topK };
  const found = await findPlanned(ctx, { typed, plans: plansOf(typed), wanted });
  if (found.length >= topK || !wordsOf(typed).some(isCorrectable)) return found.slice(0, topK).map(withoutId);
  const plans = planCorrections(typed, await findNearWords(ctx, typed));
  const known = new Set(found.map(({ id }) => id));
  const fuzzy = await findPlanned(ctx, { typed, plans, wanted: { ...wanted, limit: topK + known.size } });
  return [...found, ...fuzzy.filter(({ id }) => !known.has(id))].slice(0, topK).map(withoutId);
}

function plansOf(typed: TypedText): PrefixPlan[] {
  const everything: PrefixPlan = { prefix: '', skipped: 0, whole: 0, isCorrected: false };
  return typed.tokens.length === 0 ? [everything] : planPrefixes(typed);
}

type Found = Suggestion & { id: string };

/** Best first, each phrase once: its score times the share of the typed words that it takes up. */
async function findPlanned(
  ctx: Ctx,
  { typed, plans, wanted }: { typed: TypedText; plans: readonly PrefixPlan[]; wanted: Wanted },
): Promise<Found[]> {
  const rows = await ctx.deps.suggestions.findByPrefix({ ...wanted, prefixes: plans.map(({ prefix }) => prefix) });
  const found = rows
    .flatMap((row) => describe({ typed, plan: plans[row.prefix], row }))
    .sort((left, right) => right.prob * right.covered - left.prob * left.covered || right.covered - left.covered);
  const seen = new Set<string>();
  return found.filter(({ id }) => !seen.has(id) && seen.add(id));
}

function describe(match: { typed: TypedText; plan: PrefixPlan | undefined; row: ServedPhrase }): Found[] {
  const { typed, plan, row } = match;
  if (plan === undefined) return [];
  const { id, phrase, score, labels, domains } = row;
  return [{ ...composeSuggestion({ typed, plan, phrase }), id, phrase, prob: score, labels, domains }];
}

async function findNearWords(ctx: Ctx, typed: TypedText): Promise<Map<string, string[]>> {
  const words = [...new Set(wordsOf(typed).filter(isCorrectable))];
  const near = await Promise.all(
    words.map((word) => ctx.deps.suggestions.findWords(wordSignatures(word), nearWordsMax)),
  );
  return new Map(words.map((word, index) => [word, near[index] ?? []]));
}

function withoutId({ id: _id, ...suggestion }: Found): Suggestion {
  return suggestion;
}
