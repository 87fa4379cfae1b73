import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { contributorCode, suggestionPolicy } from './suggestion-policy.ts';

export const EraseSuggestionsInput = z.object({ userId: z.string().min(1).max(128) });
export type EraseSuggestionsInput = z.input<typeof EraseSuggestionsInput>;

/**
 * Takes a user out of what suggestions rest on: a query left with too few people is not suggested any more, at once.
 * Their sessions must be gone before, or the next run learns from those again.
 */
export async function eraseSuggestions({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: EraseSuggestionsInput;
}): Promise<{ sessions: number }> {
  authorise(ctx, 'suggestion.write');
  const { userId } = parseInput(EraseSuggestionsInput, input);
  const contributor = contributorCode({ sessionId: '', userId });
  const policy = suggestionPolicy(ctx.deps.clock.now());
  const sessions = await ctx.deps.suggestions.eraseContributor(contributor, policy);
  await recordAudit(ctx, { action: 'suggestion.erase', subject: 'user', detail: { sessions } });
  return { sessions };
}
