import { StudioError } from '@embedding-studio/contracts';
import type { CollectionDetail, CollectionView } from '@embedding-studio/core';
import { z } from 'zod';
import type { AppCaller } from '../../router.ts';
import { defineRoute } from '../route.ts';
import { CollectionAnswer, CollectionList, ModelBody, ModelQuery } from '../schemas/models.ts';

const path = '/internal/vectordb';
const pageOf = 1_000;

const create = defineRoute(
  {
    method: 'POST',
    path: `${path}/collections/create`,
    operationId: 'createCollection',
    summary: 'An empty collection of a model; the one it has already is returned.',
    scope: 'admin',
  },
  {
    input: ModelBody,
    output: CollectionAnswer,
    run: async (caller, body) => {
      const { id } = await caller.collection.createCollection({ modelId: body.embedding_model_id });
      return detailAnswer(await caller.collection.getCollection({ collectionId: id }));
    },
  },
);

const createIndex = defineRoute(
  {
    method: 'POST',
    path: `${path}/collections/create-index`,
    operationId: 'createCollectionIndex',
    summary: 'Builds the nearest-neighbour index of a collection; nothing happens where it stands.',
    scope: 'admin',
  },
  {
    input: ModelBody,
    output: CollectionAnswer,
    run: async (caller, body) => {
      const { id } = await caller.collection.buildCollectionIndex({ modelId: body.embedding_model_id });
      return detailAnswer(await caller.collection.getCollection({ collectionId: id }));
    },
  },
);

const remove = defineRoute(
  {
    method: 'POST',
    path: `${path}/collections/delete`,
    operationId: 'deleteCollection',
    summary: 'Removes the collection of a model; refused while it is live.',
    scope: 'admin',
  },
  {
    input: ModelBody,
    output: z.null(),
    run: async (caller, body) => {
      await caller.collection.deleteCollection({ modelId: body.embedding_model_id });
      return null;
    },
  },
);

const list = defineRoute(
  {
    method: 'GET',
    path: `${path}/collections/list`,
    operationId: 'listCollections',
    summary: 'All collections, newest first.',
    scope: 'search',
  },
  {
    input: z.strictObject({}),
    output: CollectionList,
    run: async (caller) => ({ collections: (await listAll(caller)).map(collectionAnswer) }),
  },
);

const listQueries = defineRoute(
  {
    method: 'GET',
    path: `${path}/queries/list`,
    operationId: 'listQueryCollections',
    summary: 'Always empty: queries are kept as words in their sessions and embedded when they are needed.',
    scope: 'search',
  },
  {
    input: z.strictObject({}),
    output: CollectionList,
    run: async (caller) => {
      await listAll(caller);
      return { collections: [] };
    },
  },
);

const getInfo = defineRoute(
  {
    method: 'GET',
    path: `${path}/collections/get-info`,
    operationId: 'getCollection',
    summary: 'The collection of a model and what it holds.',
    scope: 'search',
  },
  {
    input: ModelQuery,
    output: CollectionAnswer,
    run: async (caller, query) =>
      detailAnswer(await caller.collection.getCollection({ modelId: query.embedding_model_id })),
  },
);

const setBlue = defineRoute(
  {
    method: 'POST',
    path: `${path}/collections/set-blue`,
    operationId: 'setLiveCollection',
    summary: 'Makes the verified collection of a model serve; the one before it stands by.',
    scope: 'admin',
  },
  {
    input: ModelBody,
    output: z.null(),
    run: async (caller, body) => {
      await caller.collection.setLive({ modelId: body.embedding_model_id });
      return null;
    },
  },
);

const getBlue = defineRoute(
  {
    method: 'GET',
    path: `${path}/collections/get-blue-info`,
    operationId: 'getLiveCollection',
    summary: 'The collection that serves.',
    scope: 'search',
  },
  {
    input: z.strictObject({}),
    output: CollectionAnswer,
    run: async (caller) => {
      const { pointer } = await caller.collection.getLive();
      return detailAnswer(await caller.collection.getCollection({ collectionId: pointer.collectionId }));
    },
  },
);

const getBlueQuery = defineRoute(
  {
    method: 'GET',
    path: `${path}/collections/get-blue-query-info`,
    operationId: 'getLiveQueryCollection',
    summary: 'Always 404: queries are kept as words in their sessions.',
    scope: 'search',
  },
  {
    input: z.strictObject({}),
    output: CollectionAnswer,
    run: async (caller) => {
      await caller.collection.getLive();
      throw new StudioError('COLLECTION_NOT_FOUND', 'Queries have no collection: sessions keep their words.');
    },
  },
);

async function listAll(caller: AppCaller): Promise<CollectionView[]> {
  const views: CollectionView[] = [];
  for (;;) {
    const after = views.at(-1)?.collection.id ?? null;
    const page = await caller.collection.listCollections({ after, limit: pageOf });
    views.push(...page);
    if (page.length < pageOf) return views.filter(({ collection }) => collection.status !== 'retired');
  }
}

const workStates = { building: 'building', ready: 'green', paused: 'paused', retired: 'retired' } as const;

function collectionAnswer({ collection, modelName, isLive }: CollectionView): z.input<typeof CollectionAnswer> {
  const { id, modelId, dims, status, createdAt } = collection;
  return {
    collection_id: id,
    embedding_model: { id: modelId, name: modelName, dimensions: dims, metric_type: 'cosine' },
    work_state: workStates[status],
    is_blue: isLive,
    contains_queries: false,
    created_at: createdAt.toISOString(),
  };
}

function detailAnswer(detail: CollectionDetail): z.input<typeof CollectionAnswer> {
  const { items, parts, stale } = detail.counts;
  return { ...collectionAnswer(detail), counts: { objects: items, parts, stale } };
}

export const vectordbRoutes = [
  ...[create, createIndex, remove, list, listQueries],
  ...[getInfo, setBlue, getBlue, getBlueQuery],
];
