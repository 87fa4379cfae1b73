import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '@embedding-studio/contracts';
import type { Command } from 'commander';
import { readSettings } from '../environment.ts';
import { findPlacedFolder, pointerOf } from '../services/place-folder.ts';
import { findStateFolder } from '../services/state-folder.ts';
import { askYes } from '../terminal/ask.ts';
import { createProgress } from '../terminal/progress.ts';
import { stopEverything } from './down.ts';

// Named one by one: STUDIO_FOLDER may point at a folder that holds other things too.
const placed = ['postgres', 'redis'];
const own = ['documents', 'objects', 'models', 'work', 'logs', 'test', 'demo', 'eval'];
const files = ['postgres.password', 'redis.password', 'ports.json', 'state.json', 'up.lock'];

function pathsOf(folder: string): string[] {
  const folders = placed.map((name) => join(folder, name));
  const names = [...own, ...files].map((name) => join(folder, name));
  return [...folders.map(findPlacedFolder), ...folders.map(pointerOf), ...names].filter((path) => existsSync(path));
}

async function runReset(options: { yes?: boolean }): Promise<void> {
  const folder = findStateFolder(readSettings());
  const paths = pathsOf(folder);
  const progress = createProgress();
  if (paths.length === 0) return progress.say('there is nothing to delete');
  const question = `Delete every item, session, model and log in ${folder}?`;
  if (!options.yes && !(await askYes(question)))
    throw new StudioError('INPUT_INVALID', 'Nothing was deleted. Say --yes to delete without being asked.');
  await stopEverything(folder, progress);
  for (const path of paths) rmSync(path, { recursive: true, force: true });
  if (existsSync(folder) && readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
  progress.say(`deleted ${paths.length} entries of ${folder}`);
}

export function registerResetCommand(program: Command): void {
  program
    .command('reset')
    .description('End everything and delete all data of this machine.')
    .option('-y, --yes', 'do not ask')
    .action(runReset);
}
