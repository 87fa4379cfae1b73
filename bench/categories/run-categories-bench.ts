import { writeFile } from 'node:fs/promises';
import { type Ctx, importSessions, requestCategoryFit } from '@embedding-studio/core';
import { loadHandlers } from '@embedding-studio/core/jobs';
import { runTask } from '@embedding-studio/queue';
import { type Dataset, type DatasetSession, isValidation, trainSplit } from '../../apps/studio/src/datasets/index.ts';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { openBench } from '../loop/open-bench.ts';
import { describeMachine } from '../machine.ts';

export interface CategoriesBenchOptions {
  data?: string;
  itemsMax: number;
  model: string;
  /** Of the payload. */
  field: string;
  folder?: string;
  json?: string;
}

const sessionsPerRequest = 250;

/** How well the category of a click is foretold from its query, on sessions that nothing was fitted on. */
export async function runCategoriesBench(options: CategoriesBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const bench = await openBench({ ...options, progress });
  try {
    const { ctx, dataset, items, files } = bench;
    const sessions = sessionsToFit(dataset).map(toImport);
    for (let start = 0; start < sessions.length; start += sessionsPerRequest)
      await importSessions({ ctx, input: { sessions: sessions.slice(start, start + sessionsPerRequest) } });
    progress.say(`${sessions.length} sessions given; fitting the categories of ${options.field}`);
    const outcome = await fitCategories(ctx, options.field);
    const report = {
      ...{ machine: describeMachine(), dataset: dataset.name, items: items.length, model: files.manifest.name },
      ...outcome,
    };
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    return { isGoalMissed: outcome.status !== 'done' };
  } finally {
    await bench.close();
  }
}

/** Queries that are kept for tests stay out of everything. */
function sessionsToFit({ sessions, queries }: Dataset): DatasetSession[] {
  const splitOf = new Map(queries.map(({ id, split }) => [id, split]));
  return (sessions ?? []).filter(({ queryId }) => {
    const split = splitOf.get(queryId) ?? '';
    return split === trainSplit || isValidation(split);
  });
}

const clickedAt = new Date('2026-01-01T00:00:00Z');

function toImport({ sessionId, query, shown, clicked }: DatasetSession) {
  return {
    ...{ sessionId, query, createdAt: clickedAt },
    shown: shown.map((itemId) => ({ itemId })),
    events: clicked.map((itemId, index) => ({ eventId: `click-${index}`, itemId, createdAt: clickedAt })),
  };
}

async function fitCategories(ctx: Ctx, field: string) {
  const { tasks, log } = ctx.deps;
  const { id } = await requestCategoryFit({ ctx, input: { field } });
  const started = performance.now();
  const handlers = await loadHandlers(ctx.deps, ['improvement']);
  await runTask(id, { tasks, handlers, log, retryDelaySeconds: () => 0, onFailure: async () => undefined });
  const { status, result, error } = await tasks.getTask(id);
  return { status, seconds: (performance.now() - started) / 1000, result, error };
}
