import { StudioError, type SuggestionPhrase } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { OffsetPage } from '../page.ts';
import { parseInput } from '../parse-input.ts';
import { PhraseId, phraseIdOf } from './phrase-input.ts';

export const PhraseIdInput = z.object({ phraseId: PhraseId });
export type PhraseIdInput = z.input<typeof PhraseIdInput>;

/** By its id, or by its text. @throws StudioError PHRASE_NOT_FOUND */
export async function getPhrase({ ctx, input }: { ctx: Ctx; input: PhraseIdInput }): Promise<SuggestionPhrase> {
  authorise(ctx, 'suggestion.read');
  const { phraseId } = parseInput(PhraseIdInput, input);
  return orMissing(phraseId, await byIdOrText(phraseId, (id) => ctx.deps.suggestions.findPhrase(id)));
}

export const ListPhrasesInput = OffsetPage;
export type ListPhrasesInput = z.input<typeof ListPhrasesInput>;

/** Written and learned, in the order of their text. */
export async function listPhrases({ ctx, input }: { ctx: Ctx; input: ListPhrasesInput }): Promise<SuggestionPhrase[]> {
  authorise(ctx, 'suggestion.read');
  return ctx.deps.suggestions.listPhrases(parseInput(ListPhrasesInput, input));
}

/** Callers may know a phrase by its text only: that is tried when nothing has this id. */
export async function byIdOrText<T>(phraseId: string, find: (id: string) => Promise<T | null>): Promise<T | null> {
  return (await find(phraseId)) ?? (await find(phraseIdOf(phraseId)));
}

export function orMissing<T>(phraseId: string, found: T | null): T {
  if (found !== null) return found;
  throw new StudioError('PHRASE_NOT_FOUND', `There is no phrase "${phraseId}".`, { field: 'phraseId' });
}
