import { z } from 'zod';
import { EventFields } from './clickstream.ts';

const Loose = z.looseObject({});

export const IngestBody = z
  .strictObject({
    events: z
      .array(EventFields.extend({ session_id: z.string().min(1).max(128) }))
      .min(1)
      .max(5_000),
  })
  .meta({ id: 'EventBatchRequest' });

export const BeaconBody = IngestBody.extend({
  api_key: z.string().min(1).max(200).describe('A key with scope `clickstream`.'),
}).meta({ id: 'BeaconRequest' });

const Refused = z.object({
  index: z.number().describe('Place in the list that was sent.'),
  session_id: z.string(),
  event_id: z.string(),
  code: z.enum(['SESSION_NOT_FOUND', 'EVENT_CONFLICT', 'TIME_OUTSIDE_WINDOW']),
});

const outcome = {
  created: z.number(),
  duplicates: z.number(),
  spooled: z
    .number()
    .optional()
    .describe('Accepted while the document store is away, and stored once it is back; absent: none.'),
  refused: z.array(Refused),
  unknown_types: z.number().describe('Stored, but of a type from which nothing is learned.'),
};
export const IngestAnswer = z.object(outcome).meta({ id: 'EventBatchAnswer' });

export const UbiBody = z
  .strictObject({
    queries: z
      .array(Loose)
      .max(1_000)
      .default([])
      .describe('Queries of UBI 1.3; query_id becomes the session’s id, query_response_hit_ids its list.'),
    events: z
      .array(Loose)
      .max(5_000)
      .default([])
      .describe('Events of UBI 1.3, about objects of those or earlier queries.'),
  })
  .meta({ id: 'UbiRequest' });

export const UbiAnswer = z
  .object({
    ...outcome,
    sessions_created: z.number(),
    sessions_spooled: z.number().optional().describe('As spooled, of queries.'),
    queries_refused: z.array(z.object({ index: z.number(), query_id: z.string(), code: z.string() })),
    ignored: z.number().describe('Events about no object or of no query.'),
  })
  .meta({ id: 'UbiAnswer' });

export const ExclusionsQuery = z.strictObject({ batch_id: z.string().min(1).max(128).optional() });
export const ExclusionsAnswer = z.object({ counts: z.record(z.string(), z.number()) }).meta({ id: 'ExclusionsAnswer' });
