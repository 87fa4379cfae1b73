import { StudioError } from '@embedding-studio/contracts';
import {
  type Ctx,
  describeModel,
  describeModels,
  findRollouts,
  getLive,
  type ModelDetail,
  promoteRollout,
  rollBack,
} from '@embedding-studio/core';
import type { Command } from 'commander';
import { projectOption } from '../access/open-running.ts';
import { type Place, withRunning } from '../access/with-running.ts';
import { table } from '../terminal/table.ts';

const restingStates = ['verified', 'standby', 'rolledBack'] as const;

async function listModels(ctx: Ctx, json: boolean | undefined): Promise<string> {
  const { rows } = await describeModels({ ctx, input: { limit: 100 } });
  if (json) return JSON.stringify(rows, null, 2);
  if (rows.length === 0) return 'No models yet: ./studio index takes in a base model and makes its index live.';
  const cells = rows.map(({ id, name, status, method, parent, collections, createdAt }) => [
    id,
    name,
    status,
    method === null ? 'base' : `${method} from ${parent?.name ?? '?'}`,
    collections.map((use) => (use.isLive ? 'live' : use.isPrevious ? 'previous' : use.status)).join(', ') || '–',
    createdAt.toISOString().slice(0, 16).replace('T', ' '),
  ]);
  return table(['id', 'name', 'status', 'made by', 'serves', 'made (UTC)'], cells).join('\n');
}

function show(model: ModelDetail): string {
  const { ancestors, trainedOn, collections, rollouts, children, latency } = model;
  const names = (models: readonly { name: string }[]) => models.map(({ name }) => name).join(' → ') || '–';
  const facts = [
    ['id', model.id],
    ['name', model.name],
    ['status', model.status],
    ['descends from', names(ancestors)],
    [
      'trained on',
      trainedOn === null ? '–' : `batch ${trainedOn.batchId}, ${trainedOn.examples.toLocaleString('en-US')} queries`,
    ],
    ['method', model.method ?? '–'],
    ['children', names(children)],
    ['rollouts', rollouts.map(({ id, state }) => `${id} (${state})`).join(', ') || '–'],
    ['collections', collections.map(({ id, isLive }) => `${id}${isLive ? ' (live)' : ''}`).join(', ') || '–'],
    ['dimensions', String(model.dims)],
    ['model server', model.serving?.state.toLowerCase() ?? '–'],
    ['p95 per batch', latency?.p95Ms == null ? '–' : `${latency.p95Ms.toFixed(1)} ms`],
    ['licence', model.licence],
    ['source', model.source],
  ];
  return facts.map(([name = '', value = '']) => `${name.padEnd(14)} ${value}`).join('\n');
}

/** By a rollout's id or a model's: its newest rollout that may go live. */
async function promote(ctx: Ctx, id: string): Promise<string> {
  const { pointer } = await getLive({ ctx });
  const rolloutId = id.startsWith('mdl') ? await findPromotable(ctx, id) : id;
  const expectedCollectionId = pointer.collectionId;
  const moved = await promoteRollout({ ctx, input: { rolloutId, expectedCollectionId } });
  return `${moved.collectionId} serves now (version ${moved.version}); ./studio models rollback undoes it.`;
}

async function findPromotable(ctx: Ctx, modelId: string): Promise<string> {
  const { rows } = await findRollouts({ ctx, input: { modelId } });
  const resting = rows.find(({ state }) => restingStates.some((rests) => rests === state));
  if (resting !== undefined) return resting.id;
  const states = rows.map(({ id, state }) => `${id} is ${state}`).join(', ') || 'it has none';
  throw new StudioError('TRANSITION_ILLEGAL', `No rollout of ${modelId} can be promoted: ${states}.`, { field: 'id' });
}

async function goBack(ctx: Ctx): Promise<string> {
  const { pointer } = await getLive({ ctx });
  const moved = await rollBack({ ctx, input: {} });
  return `${moved.collectionId} serves again in place of ${pointer.collectionId} (version ${moved.version}); the same command goes forward again.`;
}

export function registerModelsCommand(program: Command): void {
  const models = program.command('models').description('List models, show one, make one live, and go back.');
  models
    .command('list', { isDefault: true })
    .description('The newest hundred: where they come from and what they serve.')
    .option('--json', 'print it for a program')
    .option(...projectOption)
    .action((options: Place & { json?: boolean }) => withRunning(options, ({ ctx }) => listModels(ctx, options.json)));
  models
    .command('show <id>')
    .description('One model: its family, data, rollouts, collections and speed.')
    .option('--json', 'print it for a program')
    .option(...projectOption)
    .action((modelId: string, options: Place & { json?: boolean }) =>
      withRunning(options, async ({ ctx }) => {
        const model = await describeModel({ ctx, input: { modelId } });
        return options.json ? JSON.stringify(model, null, 2) : show(model);
      }),
    );
  models
    .command('promote <id>')
    .description('Make a verified or resting rollout serve, by its id or its model’s. What serves stands by.')
    .option(...projectOption)
    .action((id: string, options: Place) => withRunning(options, ({ ctx }) => promote(ctx, id)));
  models
    .command('rollback')
    .description('Make the collection before serve again, in one statement.')
    .option(...projectOption)
    .action((options: Place) => withRunning(options, ({ ctx }) => goBack(ctx)));
}
