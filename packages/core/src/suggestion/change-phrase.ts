import type { SuggestionPhrase } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { byIdOrText, orMissing } from './get-phrase.ts';
import { PhraseId, Probability, Tags } from './phrase-input.ts';

export const ChangePhraseInput = z.object({
  phraseId: PhraseId,
  prob: Probability.optional(),
  addLabels: Tags.optional(),
  removeLabels: Tags.optional(),
  addDomains: Tags.optional(),
  removeDomains: Tags.optional(),
});
export type ChangePhraseInput = z.input<typeof ChangePhraseInput>;

/** What is given is changed; a probability overrules what sessions taught. @throws StudioError PHRASE_NOT_FOUND */
export async function changePhrase({ ctx, input }: { ctx: Ctx; input: ChangePhraseInput }): Promise<SuggestionPhrase> {
  authorise(ctx, 'suggestion.write');
  const { phraseId, ...change } = parseInput(ChangePhraseInput, input);
  const changed = await byIdOrText(phraseId, (id) => ctx.deps.suggestions.changePhrase(id, change));
  const phrase = orMissing(phraseId, changed);
  await recordAudit(ctx, { action: 'suggestion.change', subject: phrase.id, detail: change });
  return phrase;
}

/** Never suggested again, however many people type it, until it is added again. @throws StudioError PHRASE_NOT_FOUND */
export async function deletePhrase({ ctx, input }: { ctx: Ctx; input: { phraseId: string } }): Promise<void> {
  authorise(ctx, 'suggestion.write');
  const { phraseId } = parseInput(z.object({ phraseId: PhraseId }), input);
  const deleted = await byIdOrText(phraseId, async (id) => ((await ctx.deps.suggestions.deletePhrase(id)) ? id : null));
  const id = orMissing(phraseId, deleted);
  await recordAudit(ctx, { action: 'suggestion.delete', subject: id });
}

export const RemoveEverywhereInput = z.object({ from: z.enum(['labels', 'domains']), values: Tags.min(1) });
export type RemoveEverywhereInput = z.input<typeof RemoveEverywhereInput>;

/** Takes labels or domains off every phrase. */
export async function removeEverywhere({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: RemoveEverywhereInput;
}): Promise<{ phrases: number }> {
  authorise(ctx, 'suggestion.write');
  const { from, values } = parseInput(RemoveEverywhereInput, input);
  const phrases = await ctx.deps.suggestions.removeEverywhere(from, values);
  await recordAudit(ctx, { action: 'suggestion.remove-everywhere', subject: from, detail: { values, phrases } });
  return { phrases };
}
