import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { AppCaller } from '../../router.ts';
import { defineRoute } from '../route.ts';
import { FineTuningAnswer, FineTuningBody, FineTuningId, FineTuningList, TaskListQuery } from '../schemas/tasks.ts';
import { expectKind, fineTuningAnswer } from '../task-answer.ts';

const request = defineRoute(
  {
    method: 'POST',
    path: '/fine-tuning/task',
    operationId: 'requestFineTuning',
    summary: 'Trains on a batch of sessions, from a model on.',
    scope: 'admin',
  },
  { input: FineTuningBody, output: FineTuningAnswer, run: runRequest },
);

const Choice = z.object({ method: z.string().optional(), settings: z.record(z.string(), z.unknown()).optional() });

async function runRequest(
  caller: AppCaller,
  body: z.output<typeof FineTuningBody>,
): Promise<z.input<typeof FineTuningAnswer>> {
  const choice = Choice.safeParse(body.metadata ?? {});
  if (!choice.success)
    throw new StudioError('INPUT_INVALID', 'metadata.method is a name and metadata.settings an object.', {
      field: 'metadata',
    });
  const { task } = await caller.fineTuning.requestFineTuning({
    id: body.id ?? undefined,
    baseModelId: body.embedding_model_id,
    batchId: body.batch_id ?? undefined,
    idempotencyKey: body.idempotency_key ?? undefined,
    deploy: body.deploy_as_blue ?? false,
    ...choice.data,
  });
  return fineTuningAnswer(task);
}

const list = defineRoute(
  {
    method: 'GET',
    path: '/fine-tuning/task',
    operationId: 'listFineTuning',
    summary: 'Fine-tuning tasks, newest first.',
    scope: 'admin',
  },
  {
    input: TaskListQuery,
    output: FineTuningList,
    run: async (caller, query) =>
      (await caller.task.listTasks({ ...query, kind: 'fine_tuning' })).map(fineTuningAnswer),
  },
);

const restart = defineRoute(
  {
    method: 'PUT',
    path: '/fine-tuning/task/{id}/restart',
    operationId: 'restartFineTuning',
    summary: 'Runs a settled fine-tuning again.',
    scope: 'admin',
  },
  {
    input: FineTuningId,
    output: FineTuningAnswer,
    run: async (caller, { id }) => {
      expectKind(await caller.task.getTask({ taskId: id }), 'fine_tuning');
      return fineTuningAnswer(await caller.task.restartTask({ taskId: id }));
    },
  },
);

const cancel = defineRoute(
  {
    method: 'PUT',
    path: '/fine-tuning/task/{id}/cancel',
    operationId: 'cancelFineTuning',
    summary: 'Stops a fine-tuning after its current step.',
    scope: 'admin',
  },
  {
    input: FineTuningId,
    output: FineTuningAnswer,
    run: async (caller, { id }) => {
      expectKind(await caller.task.getTask({ taskId: id }), 'fine_tuning');
      return fineTuningAnswer(await caller.task.cancelTask({ taskId: id }));
    },
  },
);

export const fineTuningRoutes = [request, list, restart, cancel];
