import type { z } from 'zod';
import type { AppCaller } from '../../router.ts';
import { defineRoute } from '../route.ts';
import { TaskListQuery, TaskQuery, UpsertionAnswer, UpsertionBody, UpsertionList } from '../schemas/tasks.ts';
import { expectKind, upsertionAnswer } from '../task-answer.ts';

const path = '/embeddings/upsertion-tasks';

const run = defineRoute(
  {
    method: 'POST',
    path: `${path}/run`,
    operationId: 'runUpsertion',
    summary: 'Adds or replaces items.',
    scope: 'ingest',
  },
  { input: UpsertionBody, output: UpsertionAnswer, run: runUpsertion },
);

async function runUpsertion(
  caller: AppCaller,
  body: z.output<typeof UpsertionBody>,
): Promise<z.input<typeof UpsertionAnswer>> {
  const items = body.items.map((item) => ({
    id: item.object_id,
    title: item.title ?? item.item_info?.title ?? '',
    text: item.text ?? item.item_info?.text ?? '',
    payload: item.payload ?? {},
  }));
  return upsertionAnswer(await caller.item.requestUpsertion({ id: body.id ?? undefined, items }));
}

const info = defineRoute(
  {
    method: 'GET',
    path: `${path}/info`,
    operationId: 'getUpsertion',
    summary: 'How an upsertion stands.',
    scope: 'ingest',
  },
  {
    input: TaskQuery,
    output: UpsertionAnswer,
    run: async (caller, query) => upsertionAnswer(await caller.task.getTask({ taskId: query.task_id })),
  },
);

const list = defineRoute(
  {
    method: 'GET',
    path: `${path}/list`,
    operationId: 'listUpsertions',
    summary: 'Upsertions, newest first.',
    scope: 'ingest',
  },
  {
    input: TaskListQuery,
    output: UpsertionList,
    run: async (caller, query) => (await caller.task.listTasks({ ...query, kind: 'upsertion' })).map(upsertionAnswer),
  },
);

const restart = defineRoute(
  {
    method: 'PUT',
    path: `${path}/restart`,
    operationId: 'restartUpsertion',
    summary: 'Runs a settled upsertion again.',
    scope: 'ingest',
  },
  {
    input: TaskQuery,
    output: UpsertionAnswer,
    run: async (caller, query) => {
      expectKind(await caller.task.getTask({ taskId: query.task_id }), 'upsertion');
      return upsertionAnswer(await caller.task.restartTask({ taskId: query.task_id }));
    },
  },
);

const cancel = defineRoute(
  {
    method: 'PUT',
    path: `${path}/cancel`,
    operationId: 'cancelUpsertion',
    summary: 'Stops an upsertion after its current batch.',
    scope: 'ingest',
  },
  {
    input: TaskQuery,
    output: UpsertionAnswer,
    run: async (caller, query) => {
      expectKind(await caller.task.getTask({ taskId: query.task_id }), 'upsertion');
      return upsertionAnswer(await caller.task.cancelTask({ taskId: query.task_id }));
    },
  },
);

export const upsertionRoutes = [run, info, list, restart, cancel];
