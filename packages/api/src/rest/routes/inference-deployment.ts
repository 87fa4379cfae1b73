import type { AnyTask } from '@embedding-studio/contracts';
import type { z } from 'zod';
import { defineRoute } from '../route.ts';
import { ServingAnswer, ServingBody, ServingModelId, ServingTaskId } from '../schemas/models.ts';
import { commonAnswer, expectKind } from '../task-answer.ts';

type Kind = 'model_deployment' | 'model_deletion';

const path = '/internal/inference-deployment';

const words = {
  model_deployment: { at: 'deploy', noun: 'Deployment', run: 'Loads a model into the model server.' },
  model_deletion: {
    at: 'delete',
    noun: 'Deletion',
    run: 'Takes a model off the model server; refused while a collection embeds with it.',
  },
} as const;

function routesOf(kind: Kind) {
  const { at, noun, run } = words[kind];
  const request = defineRoute(
    { method: 'POST', path: `${path}/${at}`, operationId: `runModel${noun}`, summary: run, scope: 'admin' },
    {
      input: ServingBody,
      output: ServingAnswer,
      run: async (caller, body) => {
        const wanted = { modelId: body.embedding_model_id, id: body.id ?? undefined };
        const { requestModelDeployment, requestModelDeletion } = caller.model;
        const task = await (kind === 'model_deployment'
          ? requestModelDeployment(wanted)
          : requestModelDeletion(wanted));
        return servingAnswer(task, kind);
      },
    },
  );
  const info = defineRoute(
    {
      method: 'GET',
      path: `${path}/${at}/{task_id}`,
      operationId: `getModel${noun}`,
      summary: 'How such a task stands.',
      scope: 'admin',
    },
    {
      input: ServingTaskId,
      output: ServingAnswer,
      run: async (caller, query) => servingAnswer(await caller.task.getTask({ taskId: query.task_id }), kind),
    },
  );
  const status = defineRoute(
    {
      method: 'GET',
      path: `${path}/${at}-status/{model_id}`,
      operationId: `getModel${noun}Status`,
      summary: 'The newest such task of a model, and whether the model is loaded.',
      scope: 'admin',
    },
    {
      input: ServingModelId,
      output: ServingAnswer,
      run: async (caller, query) => {
        const { task, isReady } = await caller.model.getServingStatus({ modelId: query.model_id, kind });
        return { ...servingAnswer(task, kind), is_ready: isReady };
      },
    },
  );
  return [request, info, status];
}

function servingAnswer(task: AnyTask, kind: Kind): z.input<typeof ServingAnswer> {
  return { ...commonAnswer(task), embedding_model_id: expectKind(task, kind).input.modelId };
}

export const inferenceDeploymentRoutes = [...routesOf('model_deployment'), ...routesOf('model_deletion')];
