import { defineRoute } from '../route.ts';
import { SyncAnswer, SyncList } from '../schemas/data-sources.ts';
import { TaskListQuery, TaskQuery } from '../schemas/tasks.ts';
import { expectKind, syncAnswer } from '../task-answer.ts';

const path = '/data-sources/sync-tasks';
const kind = 'data_source_sync';

const info = defineRoute(
  { method: 'GET', path: `${path}/info`, operationId: 'getSync', summary: 'How a sync stands.', scope: 'ingest' },
  {
    input: TaskQuery,
    output: SyncAnswer,
    run: async (caller, query) => syncAnswer(await caller.task.getTask({ taskId: query.task_id })),
  },
);

const list = defineRoute(
  { method: 'GET', path: `${path}/list`, operationId: 'listSyncs', summary: 'Syncs, newest first.', scope: 'ingest' },
  {
    input: TaskListQuery,
    output: SyncList,
    run: async (caller, query) => (await caller.task.listTasks({ ...query, kind })).map(syncAnswer),
  },
);

/** The verbs that change a sync: same input, same answer. */
const changeOf = (verb: 'restart' | 'cancel' | 'retryFailed', facts: { path: string; summary: string }) =>
  defineRoute(
    {
      method: 'PUT',
      path: `${path}/${facts.path}`,
      operationId: `${verb}Sync`,
      summary: facts.summary,
      scope: 'ingest',
    },
    {
      input: TaskQuery,
      output: SyncAnswer,
      run: async (caller, query) => {
        const taskId = query.task_id;
        expectKind(await caller.task.getTask({ taskId }), kind);
        const calls = { restart: 'restartTask', cancel: 'cancelTask', retryFailed: 'retryFailed' } as const;
        return syncAnswer(await caller.task[calls[verb]]({ taskId }));
      },
    },
  );

export const syncTaskRoutes = [
  info,
  list,
  changeOf('restart', { path: 'restart', summary: 'Goes on with an ended sync from where it was.' }),
  changeOf('cancel', { path: 'cancel', summary: 'Stops a sync after its current batch.' }),
  changeOf('retryFailed', { path: 'retry-failed', summary: 'A new sync of only those items that failed.' }),
];
