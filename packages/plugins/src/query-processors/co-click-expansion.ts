import { z } from 'zod';
import { defineQueryProcessor, pluginApiVersion } from '../spec/index.ts';

const Config = z.strictObject({
  expansionsMax: z.int().min(1).max(10).default(3),
  similarityMin: z
    .number()
    .min(0.05)
    .max(1)
    .default(0.3)
    .describe('How far the clicks of both queries must agree (cosine).'),
  voicesMin: z.int().min(1).max(1_000).default(5).describe('People who must have made the other query.'),
  weight: z.number().gt(0).max(1).default(0.5).describe('Weight of an expansion whose clicks agree wholly.'),
});
type Config = z.infer<typeof Config>;

/** Widens a query by others whose users clicked the same items. */
export const coClickExpansion = defineQueryProcessor<Config>({
  apiVersion: pluginApiVersion,
  kind: 'query-processor',
  id: 'co-click-expansion',
  version: '1.0.0',
  title: 'Expansion from co-clicks',
  description:
    'Searches also for the words of other queries that led to clicks on the same items: “tee” finds what people who ' +
    'typed “t-shirt” chose. Needs sessions with clicks; queries of fewer people than voicesMin are never used.',
  config: Config,
  needs: ['text', 'co-clicks'],
  async process({ text }, config, { coClicks }) {
    if (coClicks === null) return { text, reasons: [] };
    const related = await coClicks.findRelatedQueries(text, { limit: config.expansionsMax * 3 });
    const usable = related.filter((each) => each.similarity >= config.similarityMin && each.voices >= config.voicesMin);
    const chosen = usable.slice(0, config.expansionsMax);
    return {
      text,
      expansions: chosen.map((each) => ({ text: each.text, weight: config.weight * Math.min(1, each.similarity) })),
      reasons: chosen.map((each) => `“${each.text}” led ${each.voices} people to the same items`),
    };
  },
});
