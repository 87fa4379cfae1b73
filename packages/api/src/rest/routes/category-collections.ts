import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { AppCaller } from '../../router.ts';
import { defineRoute, type RestRoute } from '../route.ts';
import { CollectionList, ModelBody, ModelQuery } from '../schemas/models.ts';
import { FindSimilarBody, ObjectIdsBody, ObjectsInsertBody, ObjectsUpsertBody } from '../schemas/objects.ts';
import { DeletionBody, UpsertionBody } from '../schemas/tasks.ts';

const path = '/internal/vectordb/categories';

interface Gone {
  method: 'GET' | 'POST';
  path: string;
  operationId: string;
  input: z.ZodType;
}

const gone: Gone[] = [
  { method: 'POST', path: `${path}/create-index`, operationId: 'createCategoryIndex', input: ModelBody },
  { method: 'POST', path: `${path}/delete`, operationId: 'deleteCategories', input: ModelBody },
  { method: 'GET', path: `${path}/get-info`, operationId: 'getCategories', input: ModelQuery },
  { method: 'POST', path: `${path}/set-blue`, operationId: 'setLiveCategories', input: ModelBody },
  { method: 'GET', path: `${path}/get-blue-info`, operationId: 'getLiveCategories', input: z.strictObject({}) },
  { method: 'POST', path: `${path}/objects/insert`, operationId: 'insertCategories', input: ObjectsInsertBody },
  { method: 'POST', path: `${path}/objects/upsert`, operationId: 'upsertCategories', input: ObjectsUpsertBody },
  { method: 'POST', path: `${path}/objects/delete`, operationId: 'deleteCategoryObjects', input: ObjectIdsBody },
  { method: 'POST', path: `${path}/objects/find-by-ids`, operationId: 'findCategories', input: ObjectIdsBody },
  {
    method: 'POST',
    path: `${path}/objects/find-similar`,
    operationId: 'findSimilarCategories',
    input: FindSimilarBody,
  },
  {
    ...{ method: 'POST', path: '/embeddings/upsertion-tasks/categories/run' },
    ...{ operationId: 'runCategoryUpsertion', input: UpsertionBody },
  },
  {
    ...{ method: 'POST', path: '/embeddings/deletion-tasks/categories/run' },
    ...{ operationId: 'runCategoryDeletion', input: DeletionBody },
  },
];

const why = 'Categories have no collection: they are learned from a payload field of the items.';

/** Asked for like any other, so that a stranger learns nothing. */
async function refuse(caller: AppCaller): Promise<never> {
  await caller.collection.listCollections({ limit: 1 });
  throw new StudioError('COLLECTION_NOT_FOUND', why, { publicMessage: `${why} See POST /parse-query/categories/fit.` });
}

const list = defineRoute(
  {
    method: 'GET',
    path: `${path}/list`,
    operationId: 'listCategoryCollections',
    summary: 'Always empty: categories are learned from a payload field of the items.',
    scope: 'search',
  },
  {
    input: z.strictObject({}),
    output: CollectionList,
    run: async (caller) => {
      await caller.collection.listCollections({ limit: 1 });
      return { collections: [] };
    },
  },
);

/** Addresses that other systems have for collections of categories; each says where categories come from here. */
export const categoryCollectionRoutes: RestRoute[] = [
  list,
  ...gone.map(({ input, ...route }) =>
    defineRoute(
      { ...route, summary: `Always 404. ${why}`, scope: 'search' },
      { input, output: z.null(), run: (caller) => refuse(caller) },
    ),
  ),
];
