import { z } from 'zod';
import { defineRoute } from '../route.ts';
import {
  FindSimilarBody,
  FoundObjects,
  ObjectIdsBody,
  ObjectsInsertBody,
  ObjectsUpsertBody,
  SimilarObjects,
} from '../schemas/objects.ts';

const path = '/internal/vectordb/collections/objects';

function objectsOf(objects: z.output<typeof ObjectsInsertBody>['objects']) {
  return objects.map(({ object_id, payload, parts }) => ({
    objectId: object_id,
    payload: payload ?? undefined,
    parts: parts.map(({ vector, part_id }) => ({
      vector,
      ordinal: part_id == null ? undefined : Number(part_id.split(':').at(-1)),
    })),
  }));
}

const insert = defineRoute(
  {
    method: 'POST',
    path: `${path}/insert`,
    operationId: 'insertObjects',
    summary: 'Adds objects with vectors of your own; 409 when one has vectors there.',
    scope: 'ingest',
  },
  {
    input: ObjectsInsertBody,
    output: z.null(),
    run: async (caller, body) => {
      const objects = objectsOf(body.objects);
      await caller.vector.putObjects({ modelId: body.embedding_model_id, objects, mode: 'insert' });
      return null;
    },
  },
);

const upsert = defineRoute(
  {
    method: 'POST',
    path: `${path}/upsert`,
    operationId: 'upsertObjects',
    summary: 'Adds or replaces objects with vectors of your own.',
    scope: 'ingest',
  },
  {
    input: ObjectsUpsertBody,
    output: z.null(),
    run: async (caller, body) => {
      const mode = body.shrink_parts ? 'replace' : 'merge';
      const objects = objectsOf(body.objects);
      await caller.vector.putObjects({ modelId: body.embedding_model_id, objects, mode });
      return null;
    },
  },
);

const remove = defineRoute(
  {
    method: 'POST',
    path: `${path}/delete`,
    operationId: 'deleteObjects',
    summary: 'Takes the vectors of objects out of a collection.',
    scope: 'ingest',
  },
  {
    input: ObjectIdsBody,
    output: z.null(),
    run: async (caller, body) => {
      await caller.vector.deleteObjects({ modelId: body.embedding_model_id, objectIds: body.object_ids });
      return null;
    },
  },
);

const findByIds = defineRoute(
  {
    method: 'POST',
    path: `${path}/find-by-ids`,
    operationId: 'findObjects',
    summary: 'Objects of a collection with their vectors.',
    scope: 'search',
  },
  {
    input: ObjectIdsBody,
    output: FoundObjects,
    run: async (caller, body) => {
      const found = await caller.vector.findObjects({ modelId: body.embedding_model_id, objectIds: body.object_ids });
      return {
        objects: found.map(({ objectId, payload, parts }) => ({
          object_id: objectId,
          payload,
          parts: parts.map(({ ordinal, vector }) => ({
            ...{ part_id: `${objectId}:${ordinal}`, vector, is_average: false as const },
          })),
        })),
      };
    },
  },
);

const findSimilar = defineRoute(
  {
    method: 'POST',
    path: `${path}/find-similar`,
    operationId: 'findSimilarObjects',
    summary: 'Objects nearest to a vector, each once.',
    scope: 'search',
  },
  {
    input: FindSimilarBody,
    output: SimilarObjects,
    run: async (caller, body) => {
      const found = await caller.vector.findSimilar({
        modelId: body.embedding_model_id,
        queryVector: body.query_vector,
        limit: body.limit,
        offset: body.offset ?? 0,
        maxDistance: body.max_distance ?? undefined,
      });
      return {
        objects: found.map(({ objectId, distance, payload }) => ({ object_id: objectId, distance, payload })),
      };
    },
  },
);

export const objectRoutes = [insert, upsert, remove, findByIds, findSimilar];
