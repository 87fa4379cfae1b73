import { z } from 'zod';

const PhraseId = z.string().min(1).max(500).describe('As answered when it was added; its text is taken too.');
const Tag = z.string().min(1).max(128);
const Tags = z.array(Tag).max(100);
const Probability = z.number().min(0).max(1);

export const TopSuggestionsBody = z
  .strictObject({
    phrase: z.string().max(500).describe('What has been typed; white space at the end closes the last word.'),
    domain: Tag.nullish(),
    label: Tag.nullish(),
    top_k: z.int().min(0).max(100).default(3),
  })
  .meta({ id: 'TopSuggestionsRequest' });

export const TopSuggestionsAnswer = z
  .object({
    suggestions: z.array(
      z.object({
        prefix: z.string(),
        postfix: z.string().describe('prefix + postfix replaces the matching span of what was typed.'),
        matching_span: z.object({ start: z.number(), end: z.number() }),
        match_type: z.enum(['exact', 'prefix', 'fuzzy']),
        prob: z.number(),
        labels: z.array(z.string()),
        domains: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'TopSuggestionsAnswer' });

export const AddPhrasesBody = z
  .strictObject({
    phrases: z
      .array(
        z.strictObject({
          phrase: z.string().min(1).max(500).describe('At most 20 words and signs.'),
          labels: Tags.default([]),
          domains: Tags.default([]),
          prob: Probability.default(1),
        }),
      )
      .min(1)
      .max(1_000),
  })
  .meta({ id: 'AddPhrasesRequest' });
export const AddPhrasesAnswer = z.object({ phrase_ids: z.array(z.string()) }).meta({ id: 'AddPhrasesAnswer' });

export const PhraseQuery = z.strictObject({ phrase_id: PhraseId });
export const PhraseLabelsBody = z
  .strictObject({ phrase_id: PhraseId, labels: Tags })
  .meta({ id: 'PhraseLabelsRequest' });
export const PhraseDomainsBody = z
  .strictObject({ phrase_id: PhraseId, domains: Tags })
  .meta({ id: 'PhraseDomainsRequest' });
export const ProbabilityBody = z
  .strictObject({ phrase_id: PhraseId, new_prob: Probability })
  .meta({ id: 'PhraseProbabilityRequest' });
export const LabelsBody = z.strictObject({ labels: Tags.min(1) }).meta({ id: 'LabelsRequest' });
export const DomainsBody = z.strictObject({ domains: Tags.min(1) }).meta({ id: 'DomainsRequest' });

export const PhraseAnswer = z
  .object({
    phrase_id: z.string(),
    phrase: z.string(),
    labels: z.array(z.string()),
    domains: z.array(z.string()),
    prob: z.number().describe('Given by an operator, else learned.'),
    is_learned: z.boolean().describe('Sessions alone would have it suggested.'),
  })
  .meta({ id: 'PhraseAnswer' });

export const PhraseListQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});
export const PhraseListAnswer = z.object({ items: z.array(PhraseAnswer) }).meta({ id: 'PhraseListAnswer' });
