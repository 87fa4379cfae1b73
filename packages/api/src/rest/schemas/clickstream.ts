import { z } from 'zod';

const Id = z.string().min(1).max(128);
const Meta = z.record(z.string(), z.unknown());
const Seconds = z.int().describe('UTC seconds; at most 12 hours ago or 5 minutes ahead.');

export const ExperimentPart = z.strictObject({
  experiment_id: Id,
  arm: z.string().min(1).max(64),
  unit: z.string().min(1).max(160).describe('Stands for the user, session or key; who that is cannot be read off it.'),
  teams: z
    .string()
    .regex(/^[AB-]{0,100}$/)
    .optional()
    .describe('Of an interleaved list, by place: which side owns the hit.'),
});

export const SessionBody = z
  .strictObject({
    session_id: Id,
    search_query: z.string().min(1).max(2_000),
    search_results: z
      .array(
        z.strictObject({
          object_id: Id,
          rank: z.number().nullish(),
          position: z.int().min(1).max(100_000).nullish().describe('Place in the rendered list, from 1.'),
          meta: Meta.nullish(),
        }),
      )
      .max(1_000)
      .describe('The list shown, top first.'),
    search_meta: Meta.nullish(),
    user_id: Id.nullish(),
    experiments: z
      .array(ExperimentPart)
      .max(5)
      .nullish()
      .describe('As the search that made the list gave them; without them no experiment learns from the session.'),
    created_at: Seconds.nullish(),
  })
  .meta({ id: 'SessionRequest' });

export const SessionAnswer = z
  .object({
    session_id: z.string(),
    search_query: z.string(),
    search_results: z.array(
      z.object({
        object_id: z.string(),
        rank: z.number().optional(),
        position: z.number().optional(),
        meta: Meta.optional(),
      }),
    ),
    search_meta: Meta.optional(),
    user_id: z.string().optional(),
    created_at: z.number(),
    is_irrelevant: z.boolean(),
    exclusions: z.array(z.string()).optional().describe('Why nothing is learned from this session.'),
    events: z.array(
      z.object({
        event_id: z.string(),
        object_id: z.string(),
        event_type: z.string(),
        created_at: z.number(),
        dwell_time: z.number().optional(),
        position: z.number().optional(),
        meta: Meta.optional(),
      }),
    ),
  })
  .meta({ id: 'SessionAnswer' });

const eventFields = {
  event_id: Id,
  object_id: Id,
  event_type: z
    .string()
    .min(1)
    .max(100)
    .default('click')
    .describe('click, dwell, add_to_cart, save, like, conversion, dislike, seen, impression; others teach nothing.'),
  created_at: Seconds.nullish(),
  dwell_time: z.number().min(0).max(86_400).nullish().describe('Seconds that the user stayed with the object.'),
  position: z.int().min(1).max(100_000).nullish().describe('Where the object stood, from 1.'),
  meta: Meta.nullish(),
};
export const EventFields = z.strictObject(eventFields);

export const EventsBody = z
  .strictObject({ session_id: Id, events: z.array(EventFields).min(1).max(1_000) })
  .meta({ id: 'EventsRequest' });

export const IrrelevantBody = z.strictObject({ session_id: Id }).meta({ id: 'IrrelevantRequest' });
export const ReleaseBody = z.strictObject({ release_id: Id }).meta({ id: 'BatchReleaseRequest' });
export const ReleaseAnswer = z
  .object({ release_id: z.string(), batch_id: z.string(), released_at: z.string() })
  .meta({ id: 'BatchReleaseAnswer' });
export const SessionQuery = z.strictObject({ session_id: Id });
export const BatchSessionsQuery = z.strictObject({
  batch_id: Id,
  after_number: z.coerce.number().int().min(0).default(0).describe('Number of the last session that was seen.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(10),
  events_limit: z.coerce.number().int().min(0).max(1_000).default(100).describe('Events per session.'),
});
export const BatchSessionsAnswer = z
  .object({
    batch_id: z.string(),
    last_number: z.number().optional().describe('Where the next page starts; absent at the end.'),
    sessions: z.array(SessionAnswer.extend({ session_number: z.number() })),
  })
  .meta({ id: 'BatchSessionsAnswer' });
export const NothingAnswer = z.null();
