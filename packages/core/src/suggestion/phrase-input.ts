import { createHash } from 'node:crypto';
import { phraseKey, tokenisePhrase, tokensMax } from '@embedding-studio/ml/suggestion';
import { z } from 'zod';

export const PhraseText = z
  .string()
  .trim()
  .max(500)
  .refine((text) => tokenisePhrase(text).length > 0, 'needs a word')
  .refine((text) => tokenisePhrase(text).length <= tokensMax, `has more than ${tokensMax} words and signs`);

/** Labels and domains. */
export const Tag = z.string().trim().min(1).max(128);
export const Tags = z.array(Tag).max(100);
export const Probability = z.number().min(0).max(1);
export const PhraseId = z.string().trim().min(1).max(500);

/** The id of a phrase's key: how it is written changes nothing. */
export function phraseIdOf(phrase: string): string {
  return createHash('md5').update(phraseKey(phrase)).digest('hex');
}
