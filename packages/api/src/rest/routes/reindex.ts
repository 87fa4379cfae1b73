import type { Reindex } from '@embedding-studio/core';
import type { z } from 'zod';
import type { AppCaller } from '../../router.ts';
import { defineRoute } from '../route.ts';
import { ReindexAnswer, ReindexBody, ReindexList } from '../schemas/models.ts';
import { TaskListQuery, TaskQuery } from '../schemas/tasks.ts';

const path = '/internal/reindex-tasks';

const run = defineRoute(
  {
    method: 'POST',
    path: `${path}/run`,
    operationId: 'runReindex',
    summary: 'Embeds all items with another model, beside what serves.',
    scope: 'admin',
  },
  {
    input: ReindexBody,
    output: ReindexAnswer,
    run: async (caller, body) => {
      const rollout = await caller.rollout.requestReindex({
        id: body.id ?? undefined,
        sourceModelId: body.source.embedding_model_id,
        destModelId: body.dest.embedding_model_id,
        deploy: body.deploy_as_blue ?? false,
        waitOnConflict: body.wait_on_conflict ?? false,
      });
      return answerOf(caller, rollout.id);
    },
  },
);

const info = defineRoute(
  { method: 'GET', path: `${path}/info`, operationId: 'getReindex', summary: 'How a reindex stands.', scope: 'admin' },
  { input: TaskQuery, output: ReindexAnswer, run: (caller, query) => answerOf(caller, query.task_id) },
);

const list = defineRoute(
  {
    method: 'GET',
    path: `${path}/list`,
    operationId: 'listReindexes',
    summary: 'Reindexes, newest first; those of fine-tuned models too.',
    scope: 'admin',
  },
  {
    input: TaskListQuery,
    output: ReindexList,
    run: async (caller, query) => (await caller.rollout.listReindexes(query)).map(reindexAnswer),
  },
);

const restart = defineRoute(
  {
    method: 'PUT',
    path: `${path}/restart`,
    operationId: 'restartReindex',
    summary: 'Tries the failed step of a reindex again.',
    scope: 'admin',
  },
  {
    input: TaskQuery,
    output: ReindexAnswer,
    run: async (caller, query) => {
      await caller.rollout.getReindex({ reindexId: query.task_id });
      await caller.rollout.retryRollout({ rolloutId: query.task_id });
      return answerOf(caller, query.task_id);
    },
  },
);

const cancel = defineRoute(
  {
    method: 'PUT',
    path: `${path}/cancel`,
    operationId: 'cancelReindex',
    summary: 'Stops a reindex; what serves stays as it is.',
    scope: 'admin',
  },
  {
    input: TaskQuery,
    output: ReindexAnswer,
    run: async (caller, query) => {
      await caller.rollout.getReindex({ reindexId: query.task_id });
      await caller.rollout.cancelRollout({ rolloutId: query.task_id });
      return answerOf(caller, query.task_id);
    },
  },
);

async function answerOf(caller: AppCaller, reindexId: string): Promise<z.input<typeof ReindexAnswer>> {
  return reindexAnswer(await caller.rollout.getReindex({ reindexId }));
}

const past = new Set(['indexing', 'verified', 'live', 'standby', 'rolledBack', 'retired']);

function reindexAnswer({ rollout, sourceModelId, status, steps }: Reindex): z.input<typeof ReindexAnswer> {
  const filling = steps.find(({ kind }) => kind === 'reindex');
  const { done = 0, total } = filling?.progress ?? {};
  const share = total === undefined || total === 0 ? 0 : Math.min(1, done / total);
  const isBad = status === 'failed' || status === 'refused' || status === 'canceled';
  return {
    task_id: rollout.id,
    source: sourceModelId === null ? null : { embedding_model_id: sourceModelId },
    dest: { embedding_model_id: rollout.modelId ?? '' },
    deploy_as_blue: rollout.switches !== false,
    wait_on_conflict: Boolean(rollout.waitsFor),
    ...{ status, state: rollout.state },
    created_at: rollout.createdAt.toISOString(),
    updated_at: rollout.updatedAt.toISOString(),
    ...(isBad && { detail: rollout.transitions.at(-1)?.reason ?? status }),
    progress: past.has(rollout.state) ? 1 : share,
    count: done,
    ...(total !== undefined && { total }),
    children: steps.map(({ id }) => id),
    failed_items: (filling?.failures ?? []).map(({ itemId, detail, stage }) => ({
      ...{ object_id: itemId, detail, failure_stage: stage },
    })),
  };
}

export const reindexRoutes = [run, info, list, restart, cancel];
