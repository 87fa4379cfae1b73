import type { AnyTask, Scope } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { AppCaller } from '../../router.ts';
import { defineRoute, type RestRoute } from '../route.ts';
import { TaskListQuery, TaskQuery } from '../schemas/tasks.ts';
import { expectKind } from '../task-answer.ts';

export interface ItemTaskFamily<In extends z.ZodType, Out extends z.ZodType> {
  /** Of the five addresses, e.g. `/embeddings/deletion-tasks`. */
  path: string;
  kind: 'upsertion' | 'deletion';
  /** Ends every operationId, e.g. `Deletion`. */
  noun: string;
  scope: Scope;
  summary: string;
  body: In;
  answer: Out;
  shape(task: AnyTask): z.input<Out>;
  request(caller: AppCaller, body: z.output<In>): Promise<AnyTask>;
}

/** run, info, list, restart, cancel and retry-failed of one kind of item tasks. */
export function defineItemTasks<In extends z.ZodType, Out extends z.ZodType>(
  family: ItemTaskFamily<In, Out>,
): RestRoute[] {
  const { path, kind, noun, scope, shape } = family;
  const run = defineRoute(
    { method: 'POST', path: `${path}/run`, operationId: `run${noun}`, summary: family.summary, scope },
    {
      input: family.body,
      output: family.answer,
      run: async (caller, body) => shape(await family.request(caller, body)),
    },
  );
  const info = defineRoute(
    { method: 'GET', path: `${path}/info`, operationId: `get${noun}`, summary: 'How such a task stands.', scope },
    {
      input: TaskQuery,
      output: family.answer,
      run: async (caller, query) => shape(await caller.task.getTask({ taskId: query.task_id })),
    },
  );
  const list = defineRoute(
    { method: 'GET', path: `${path}/list`, operationId: `list${noun}s`, summary: 'Such tasks, newest first.', scope },
    {
      input: TaskListQuery,
      output: z.array(family.answer),
      run: async (caller, query) => (await caller.task.listTasks({ ...query, kind })).map((task) => shape(task)),
    },
  );
  return [run, info, list, ...defineMoves(family)];
}

const moves = {
  restart: { verb: 'restartTask', summary: 'Runs a task that did not end well again, from where it stopped.' },
  cancel: { verb: 'cancelTask', summary: 'Stops a task after its current batch.' },
  'retry-failed': { verb: 'retryFailed', summary: 'A new task over only those items that failed.' },
} as const;

function defineMoves<In extends z.ZodType, Out extends z.ZodType>(family: ItemTaskFamily<In, Out>): RestRoute[] {
  const { path, kind, noun, scope, shape } = family;
  return Object.entries(moves).map(([at, { verb, summary }]) =>
    defineRoute(
      { method: 'PUT', path: `${path}/${at}`, operationId: `${at.replace('-f', 'F')}${noun}`, summary, scope },
      {
        input: TaskQuery,
        output: family.answer,
        run: async (caller, query) => {
          const taskId = query.task_id;
          expectKind(await caller.task.getTask({ taskId }), kind);
          return shape(await caller.task[verb]({ taskId }));
        },
      },
    ),
  );
}
