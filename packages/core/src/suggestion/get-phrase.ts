import { StudioError, type SuggestionPhrase } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { OffsetPage } from '../page.ts';
import { parseInput } from '../parse-input.ts';
import { PhraseId, phraseIdOf, Tag } from './phrase-input.ts';

export const PhraseIdInput = z.object({ phraseId: PhraseId });
export type PhraseIdInput = z.input<typeof PhraseIdInput>;

/** By its id, or by its text. @throws StudioError PHRASE_NOT_FOUND */
export async function getPhrase({ ctx, input }: { ctx: Ctx; input: PhraseIdInput }): Promise<SuggestionPhrase> {
  authorise(ctx, 'suggestion.read');
  const { phraseId } = parseInput(PhraseIdInput, input);
  return orMissing(phraseId, await byIdOrText(phraseId, (id) => ctx.deps.suggestions.findPhrase(id)));
}

export const ListPhrasesInput = OffsetPage.extend({
  /** Key of the last phrase of the page before. */
  after: z.string().max(4_000).optional(),
  /** Part of the phrase, whatever the case of its letters. */
  text: z.string().trim().max(500).optional(),
  label: Tag.optional(),
  domain: Tag.optional(),
  /** `given`: by an operator; `learned`: by sessions. */
  source: z.enum(['given', 'learned']).optional(),
});
export type ListPhrasesInput = z.input<typeof ListPhrasesInput>;

/** Written and learned, in the order of their text. */
export async function listPhrases({ ctx, input }: { ctx: Ctx; input: ListPhrasesInput }): Promise<SuggestionPhrase[]> {
  authorise(ctx, 'suggestion.read');
  const { text, ...page } = parseInput(ListPhrasesInput, input);
  return ctx.deps.suggestions.listPhrases({ ...page, ...(text && { text: text.toLowerCase() }) });
}

/** Callers may know a phrase by its text only: that is tried when nothing has this id. */
export async function byIdOrText<T>(phraseId: string, find: (id: string) => Promise<T | null>): Promise<T | null> {
  return (await find(phraseId)) ?? (await find(phraseIdOf(phraseId)));
}

export function orMissing<T>(phraseId: string, found: T | null): T {
  if (found !== null) return found;
  throw new StudioError('PHRASE_NOT_FOUND', `There is no phrase "${phraseId}".`, { field: 'phraseId' });
}
