import { phraseKey } from '@embedding-studio/ml/suggestion';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { PhraseText, Probability, phraseIdOf, Tags } from './phrase-input.ts';

export const AddPhrasesInput = z.object({
  phrases: z
    .array(
      z.object({
        phrase: PhraseText,
        labels: Tags.default([]),
        domains: Tags.default([]),
        prob: Probability.default(1),
      }),
    )
    .min(1)
    .max(1_000),
});
export type AddPhrasesInput = z.input<typeof AddPhrasesInput>;

/** Ids in the order given. A phrase that exists gets what is given here instead of what it had. */
export async function addPhrases({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: AddPhrasesInput;
}): Promise<{ phraseIds: string[] }> {
  authorise(ctx, 'suggestion.write');
  const { phrases } = parseInput(AddPhrasesInput, input);
  const rows = phrases.map((row) => ({
    ...row,
    labels: [...new Set(row.labels)],
    domains: [...new Set(row.domains)],
    id: phraseIdOf(row.phrase),
    key: phraseKey(row.phrase),
  }));
  await ctx.deps.suggestions.addPhrases(rows);
  const [first] = rows;
  await recordAudit(ctx, { action: 'suggestion.add', subject: first?.id ?? '', detail: { phrases: rows.length } });
  return { phraseIds: rows.map(({ id }) => id) };
}
