import type { z } from 'zod';
import type { AppCaller } from '../../router.ts';
import { InternalUpsertionBody, UpsertionAnswer, UpsertionBody } from '../schemas/tasks.ts';
import { upsertionAnswer } from '../task-answer.ts';
import { defineItemTasks } from './item-tasks.ts';

function requestUpsertion(caller: AppCaller, body: z.output<typeof UpsertionBody>) {
  const items = body.items.map((item) => ({
    id: item.object_id,
    title: item.title ?? item.item_info?.title ?? '',
    text: item.text ?? item.item_info?.text ?? '',
    payload: item.payload ?? {},
    ...(item.image && { image: item.image }),
  }));
  return caller.item.requestUpsertion({ id: body.id ?? undefined, items });
}

export const upsertionRoutes = [
  ...defineItemTasks({
    ...{ path: '/embeddings/upsertion-tasks', kind: 'upsertion', noun: 'Upsertion', scope: 'ingest' },
    summary: 'Adds or replaces items.',
    ...{ body: UpsertionBody, answer: UpsertionAnswer, shape: upsertionAnswer, request: requestUpsertion },
  }),
  ...defineItemTasks({
    ...{ path: '/internal/upsertion-tasks', kind: 'upsertion', noun: 'ModelUpsertion', scope: 'ingest' },
    summary: 'Adds or replaces items, in the collection of a model as in all others that take writes.',
    ...{ body: InternalUpsertionBody, answer: UpsertionAnswer, shape: upsertionAnswer },
    request: async (caller, { embedding_model_id, ...body }) => {
      await caller.collection.getCollection({ modelId: embedding_model_id });
      return requestUpsertion(caller, body);
    },
  }),
];
