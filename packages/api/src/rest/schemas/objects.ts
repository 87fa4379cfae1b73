import { z } from 'zod';

const Id = z.string().min(1).max(128);
const Payload = z.record(z.string(), z.unknown());
const Vector = z.array(z.number()).min(1).max(4_096);

const Part = z.strictObject({
  vector: Vector,
  part_id: z
    .string()
    .regex(/^(.*:)?\d{1,4}$/s, 'must end in the number of the part, as in `3` or `boots:3`')
    .nullish()
    .describe('Number of the part, perhaps behind an object id; the place in the list when left out.'),
  is_average: z.literal(false).nullish().describe('Averages are made from the parts; they are not taken.'),
});

const Objects = z
  .array(
    z.strictObject({
      object_id: Id,
      payload: Payload.nullish().describe(
        '`title` and `text` are searched by words; left out: the item stays as it is.',
      ),
      storage_meta: Payload.nullish(),
      parts: z.array(Part).min(1).max(100),
    }),
  )
  .min(1)
  .max(1_000);

export const ObjectsInsertBody = z
  .strictObject({ embedding_model_id: Id, objects: Objects })
  .meta({ id: 'ObjectsInsertRequest' });
export const ObjectsUpsertBody = z
  .strictObject({
    embedding_model_id: Id,
    objects: Objects,
    shrink_parts: z.boolean().default(true).describe('Drop the parts that are not given.'),
  })
  .meta({ id: 'ObjectsUpsertRequest' });
export const ObjectIdsBody = z
  .strictObject({ embedding_model_id: Id, object_ids: z.array(Id).min(1).max(1_000) })
  .meta({ id: 'ObjectIdsRequest' });
export const FindSimilarBody = z
  .strictObject({
    embedding_model_id: Id,
    query_vector: Vector,
    limit: z.int().min(1).max(1_000).default(10),
    offset: z.int().min(0).max(10_000).nullish(),
    max_distance: z.number().min(0).max(2).nullish(),
  })
  .meta({ id: 'FindSimilarRequest' });

export const FoundObjects = z
  .object({
    objects: z.array(
      z.object({
        object_id: z.string(),
        payload: Payload,
        parts: z.array(z.object({ part_id: z.string(), vector: z.array(z.number()), is_average: z.literal(false) })),
      }),
    ),
  })
  .meta({ id: 'FoundObjects' });
export const SimilarObjects = z
  .object({
    objects: z.array(z.object({ object_id: z.string(), distance: z.number(), payload: Payload })),
  })
  .meta({ id: 'SimilarObjects' });
