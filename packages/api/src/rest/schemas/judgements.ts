import { z } from 'zod';

export const ImportJudgementsBody = z
  .strictObject({
    format: z.enum(['qrels', 'quepid']),
    text: z
      .string()
      .min(1)
      .max(5_000_000)
      .describe('The file: topic 0 document grade, or CSV with query, docid, rating.'),
    topics: z
      .string()
      .max(5_000_000)
      .optional()
      .describe('Of qrels: topic, tab, query. Absent: topics are the queries.'),
    scale_max: z.number().int().min(1).max(100).default(3).describe('The best rating of the file, which becomes 3.'),
    unknown_items: z.enum(['refuse', 'skip']).default('refuse').describe('What rows about items that are not here do.'),
  })
  .meta({ id: 'ImportJudgementsRequest' });

export const ImportJudgementsAnswer = z
  .object({ judgements: z.number().int(), queries: z.number().int(), skipped: z.number().int() })
  .meta({ id: 'ImportJudgementsAnswer' });

export const ExportJudgementsQuery = z.strictObject({
  format: z.enum(['qrels', 'quepid']).default('qrels'),
  after_query: z.string().max(2_000).optional(),
  after_item: z.string().min(1).max(128).optional(),
});

export const ExportJudgementsAnswer = z
  .object({
    text: z.string().describe('Lines of the file; those of all pages, one after another, are the whole.'),
    topics: z.string().describe('Of qrels: topic, tab, query.'),
    judged: z.number().int(),
    next: z
      .object({ after_query: z.string(), after_item: z.string() })
      .nullable()
      .describe('Of the next page; null behind the last one.'),
  })
  .meta({ id: 'ExportJudgementsAnswer' });
