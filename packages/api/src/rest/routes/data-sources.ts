import type { DataSource, ItemProcessing } from '@embedding-studio/contracts';
import type { z } from 'zod';
import { defineRoute } from '../route.ts';
import {
  CreateSourceBody,
  DeletedAnswer,
  PreviewAnswer,
  SourceAnswer,
  SourceList,
  SourceListQuery,
  SourceQuery,
  SyncAnswer,
  SyncBody,
  TestAnswer,
  TrySourceBody,
  UpdateSourceBody,
} from '../schemas/data-sources.ts';
import { syncAnswer } from '../task-answer.ts';
import { syncTaskRoutes } from './sync-tasks.ts';

const path = '/data-sources';

const create = defineRoute(
  {
    method: 'POST',
    path: `${path}/create`,
    operationId: 'createDataSource',
    summary: 'Stores a place that items come from. Its secrets are encrypted and never shown again.',
    scope: 'admin',
  },
  {
    input: CreateSourceBody,
    output: SourceAnswer,
    run: async (caller, { processing, ...body }) =>
      sourceAnswer(await caller.dataSource.createDataSource({ ...body, processing: toProcessing(processing) })),
  },
);

const info = defineRoute(
  {
    method: 'GET',
    path: `${path}/info`,
    operationId: 'getDataSource',
    summary: 'A data source, without its secrets.',
    scope: 'ingest',
  },
  {
    input: SourceQuery,
    output: SourceAnswer,
    run: async (caller, query) => sourceAnswer(await caller.dataSource.getDataSource({ sourceId: query.source_id })),
  },
);

const list = defineRoute(
  {
    method: 'GET',
    path: `${path}/list`,
    operationId: 'listDataSources',
    summary: 'Data sources by id.',
    scope: 'ingest',
  },
  {
    input: SourceListQuery,
    output: SourceList,
    run: async (caller, { after = null, limit }) =>
      (await caller.dataSource.listDataSources({ after, limit })).map(sourceAnswer),
  },
);

const update = defineRoute(
  {
    method: 'POST',
    path: `${path}/update`,
    operationId: 'updateDataSource',
    summary: 'Changes what is given. A config replaces the whole config; secrets left out of it stay.',
    scope: 'admin',
  },
  {
    input: UpdateSourceBody,
    output: SourceAnswer,
    run: async (caller, { source_id: sourceId, processing, ...change }) =>
      sourceAnswer(
        await caller.dataSource.updateDataSource({ ...change, sourceId, processing: toProcessing(processing) }),
      ),
  },
);

const remove = defineRoute(
  {
    method: 'DELETE',
    path: `${path}/delete`,
    operationId: 'deleteDataSource',
    summary: 'Forgets a data source and stops its sync; its items stay.',
    scope: 'admin',
  },
  {
    input: SourceQuery,
    output: DeletedAnswer,
    run: (caller, query) => caller.dataSource.deleteDataSource({ sourceId: query.source_id }),
  },
);

const test = defineRoute(
  {
    method: 'POST',
    path: `${path}/test`,
    operationId: 'testDataSource',
    summary: 'Tries the way to a source step by step and names the step that fails.',
    scope: 'admin',
  },
  {
    input: TrySourceBody,
    output: TestAnswer,
    run: (caller, body) => caller.dataSource.testDataSource(toTarget(body)),
  },
);

const preview = defineRoute(
  {
    method: 'POST',
    path: `${path}/preview`,
    operationId: 'previewDataSource',
    summary: 'The first 20 rows, their columns, and the items that the mapping makes of them. Writes nothing.',
    scope: 'admin',
  },
  {
    input: TrySourceBody,
    output: PreviewAnswer,
    run: async (caller, body) => {
      const { rows, columns, items } = await caller.dataSource.previewDataSource(toTarget(body));
      return {
        rows,
        columns: columns.map(({ name, type, isOptional }) => ({ name, type, is_optional: isOptional })),
        items: items.map(({ item, error }) => ({
          object_id: item?.id ?? null,
          ...{ title: item?.title ?? '', text: item?.text ?? '', payload: item?.payload ?? {}, detail: error },
        })),
      };
    },
  },
);

const sync = defineRoute(
  {
    method: 'POST',
    path: `${path}/sync`,
    operationId: 'syncDataSource',
    summary: 'Reads what is new and writes it. A sync that is under way is returned, never a second one started.',
    scope: 'ingest',
  },
  {
    input: SyncBody,
    output: SyncAnswer,
    run: async (caller, { source_id: sourceId, mode, priority, force }) =>
      syncAnswer(await caller.dataSource.requestSync({ sourceId, mode, priority, force })),
  },
);

function toProcessing(given: z.output<typeof CreateSourceBody>['processing']): ItemProcessing | undefined {
  return given === undefined ? undefined : { textProcessors: given.text_processors, splitter: given.splitter };
}

function toTarget(body: z.output<typeof TrySourceBody>) {
  const { source_id: sourceId, loader, config, mapping, processing } = body;
  const changes = { mapping, processing: toProcessing(processing) };
  return { sourceId, loader, config, ...changes };
}

function sourceAnswer(source: DataSource): z.input<typeof SourceAnswer> {
  const { id, processing, lastTaskId, createdAt, updatedAt, ...rest } = source;
  return {
    source_id: id,
    ...rest,
    processing: { text_processors: processing.textProcessors, splitter: processing.splitter },
    last_task_id: lastTaskId,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  };
}

export const dataSourceRoutes = [create, info, list, update, remove, test, preview, sync, ...syncTaskRoutes];
