import { isAbsolute, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StudioError } from '@embedding-studio/contracts';
import { getRollout, registerBaseModel, requestInitialIndex } from '@embedding-studio/core';
import { resolveBaseModel, type SourceKind } from '@embedding-studio/integrations/model-source';
import { createLog } from '@embedding-studio/telemetry';
import type { Command } from 'commander';
import { readSettings } from '../environment.ts';
import { modelCacheOf } from '../eval/open-run.ts';
import { createProgress, type Progress } from '../terminal/progress.ts';
import { openRunning, projectOption, type RunningStudio } from './open-running.ts';

const pollMs = 1_000;

async function findModelFolder(model: string, stateFolder: string): Promise<string> {
  if (isAbsolute(model) || model.startsWith('.')) return resolve(model);
  const allowed = readSettings().STUDIO_SOURCES.filter((name) => name !== 'download' && name !== 'go');
  const files = await resolveBaseModel({
    name: model,
    allowedSources: new Set<SourceKind>(['folder', ...allowed]),
    cacheFolder: modelCacheOf(stateFolder),
    log: createLog({ name: 'studio', level: 'error' }),
    signal: new AbortController().signal,
  });
  return files.folder;
}

async function followRollout({ ctx }: RunningStudio, rolloutId: string, progress: Progress): Promise<void> {
  let shown = '';
  for (;;) {
    const rollout = await getRollout({ ctx, input: { rolloutId } });
    if (rollout.state !== shown) progress.say(`${rollout.state}: ${rollout.transitions.at(-1)?.reason ?? 'started'}`);
    shown = rollout.state;
    if (rollout.state === 'live') return;
    if (rollout.state === 'failed')
      throw new StudioError('INTERNAL', `The index could not be made: ${rollout.transitions.at(-1)?.reason}`);
    await sleep(pollMs);
  }
}

/** The first index of an empty installation: a base model over the items that are there, and all that come later. */
export function registerIndexCommand(program: Command): void {
  program
    .command('index')
    .description('Register a base model and make its index live. Items may be ingested before or after.')
    .option(
      '--model <name>',
      'a model of the catalogue, auto, or a folder with model.onnx, tokenizer.json, manifest.json',
      'auto',
    )
    .option(...projectOption)
    .action(async ({ model, project }: { model: string; project?: string }) => {
      const progress = createProgress();
      const running = await openRunning({ project });
      try {
        const folder = await findModelFolder(model, running.stateFolder);
        const registered = await registerBaseModel({ ctx: running.ctx, input: { folder } });
        progress.say(`model ${registered.name} is registered as ${registered.id}`);
        const { id } = await requestInitialIndex({ ctx: running.ctx, input: { modelId: registered.id } });
        await followRollout(running, id, progress);
      } finally {
        await running.close();
      }
    });
}
