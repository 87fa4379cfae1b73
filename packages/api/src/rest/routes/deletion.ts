import { DeletionAnswer, DeletionBody, InternalDeletionBody } from '../schemas/tasks.ts';
import { deletionAnswer } from '../task-answer.ts';
import { defineItemTasks } from './item-tasks.ts';

export const deletionRoutes = [
  ...defineItemTasks({
    ...{ path: '/embeddings/deletion-tasks', kind: 'deletion', noun: 'Deletion', scope: 'ingest' },
    summary: 'Removes items, their words and their vectors everywhere.',
    ...{ body: DeletionBody, answer: DeletionAnswer, shape: deletionAnswer },
    request: (caller, body) => caller.item.requestDeletion({ id: body.id ?? undefined, itemIds: body.object_ids }),
  }),
  ...defineItemTasks({
    ...{ path: '/internal/deletion-tasks', kind: 'deletion', noun: 'ModelItemDeletion', scope: 'ingest' },
    summary: 'Removes items from the collection of a model and from all others.',
    ...{ body: InternalDeletionBody, answer: DeletionAnswer, shape: deletionAnswer },
    request: async (caller, { embedding_model_id, ...body }) => {
      await caller.collection.getCollection({ modelId: embedding_model_id });
      return caller.item.requestDeletion({ id: body.id ?? undefined, itemIds: body.object_ids });
    },
  }),
];
