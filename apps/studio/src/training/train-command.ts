import { performance } from 'node:perf_hooks';
import { StudioError } from '@embedding-studio/contracts';
import { type Ctx, listBatches, type RequestFineTuningInput, requestFineTuning } from '@embedding-studio/core';
import type { Command } from 'commander';
import { openRunning, projectOption } from '../access/open-running.ts';
import { createProgress } from '../terminal/progress.ts';
import { followRollout, followTask } from './follow-training.ts';
import { parsePairs, parseRanges } from './parse-pairs.ts';

interface TrainOptions {
  method: string;
  settings: string[];
  batch?: string;
  release?: boolean;
  from?: string;
  deploy: boolean;
  propose?: boolean;
  watch?: boolean;
  search?: string;
  trials: string;
  range: string[];
  project?: string;
}

async function runTrain(options: TrainOptions): Promise<void> {
  const running = await openRunning(options);
  const progress = createProgress();
  try {
    const { ctx } = running;
    const { task, rollout } = await requestFineTuning({ ctx, input: await inputOf(ctx, options) });
    progress.say(`requested ${rollout === null ? `training ${task.id}` : `rollout ${rollout.id}`}`);
    process.stdout.write(`${rollout?.id ?? task.id}\n`);
    if (!options.watch) {
      progress.detail(`follow it with  ./studio gate ${rollout?.id ?? task.id}  or in the console under Fine-tuning`);
      return;
    }
    const followed = { ctx, progress, now: () => performance.now() };
    if (rollout === null) return void (await followTask(followed, { taskId: task.id, what: 'Training' }));
    const end = await followRollout(followed, rollout.id);
    if (end === 'verified') progress.say(`it waits: ./studio models promote ${rollout.id} makes it live`);
    if (end === 'rejected') process.exitCode = 2;
  } finally {
    await running.close();
  }
}

async function inputOf(ctx: Ctx, options: TrainOptions): Promise<RequestFineTuningInput> {
  const { method, from, deploy, propose } = options;
  if (options.batch !== undefined && options.release)
    throw new StudioError('INPUT_INVALID', 'Say --batch or --release, not both.', { field: 'batch' });
  const batchId = await chooseBatch(ctx, options);
  return {
    ...{ method, deploy, batchId, settings: parsePairs(options.settings), switches: propose !== true },
    ...(from === undefined ? {} : { baseModelId: from }),
    ...searchOf(options),
  };
}

function searchOf({ search, trials, range }: TrainOptions): Pick<RequestFineTuningInput, 'search'> {
  if (search === undefined) return {};
  const minutes = Number(search);
  if (!(minutes > 0))
    throw new StudioError('INPUT_INVALID', `--search takes minutes above 0, not "${search}".`, { field: 'search' });
  const space = range.length === 0 ? {} : { space: parseRanges(range) };
  return { search: { secondsMax: minutes * 60, trials: Number(trials), ...space } };
}

/** undefined: what collects, which is released. */
async function chooseBatch(ctx: Ctx, { batch, release }: TrainOptions): Promise<string | undefined> {
  const batches = await listBatches({ ctx, input: { limit: 50 } });
  const released = batches.filter(({ status }) => status === 'released');
  const collected = batches.find(({ status }) => status === 'collecting')?.sessionCount ?? 0;
  if (batch === 'latest' && released[0] !== undefined) return released[0].batchId;
  if (batch !== undefined) return batch;
  if (collected > 0) return undefined;
  const known = released.slice(0, 5).map(({ batchId, sessionCount }) => `${batchId} (${sessionCount} sessions)`);
  const instead =
    known.length === 0 ? 'send sessions with clicks first' : `choose one: --batch latest, or ${known.join(', ')}`;
  throw new StudioError(
    'TRAINING_EVIDENCE_MISSING',
    `No session has come in since the last batch${release ? ', so there is nothing to release' : ''}; ${instead}.`,
    { field: 'batch' },
  );
}

export function registerTrainCommand(program: Command): void {
  program
    .command('train')
    .description('Fine-tune on what users clicked; the gate decides, and what it accepts goes live. Prints the id.')
    .option('--method <name>', 'a fine-tuning method', 'contrastive')
    .option('--settings <key=value...>', 'e.g. learningRate=1e-4 trainable.kind=lora trainable.rank=8', [])
    .option('--search <minutes>', 'try settings for so long before the training that counts')
    .option('--trials <count>', 'settings tried on the first rung of the search', '9')
    .option(
      '--range <key=range...>',
      'e.g. learningRate=1e-6..1e-3:log negativesPerQuery=0..4:whole batchQueries=8,16; what the method names if left out',
      [],
    )
    .option('--batch <id>', 'a released batch, or `latest`')
    .option('--release', 'what has been collected by now, which is released; so it is if neither is said')
    .option('--from <model>', 'the model to train on from; what is live if left out')
    .option('--no-deploy', 'train and register the model, and stop there')
    .option('--propose', 'index and verify what the gate accepts, but leave it to somebody to promote')
    .option('--watch', 'say how far it is until it rests; exit code 2 when the gate rejects')
    .option(...projectOption)
    .action(runTrain);
}
