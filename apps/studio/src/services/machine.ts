import { fileURLToPath } from 'node:url';
import { childEnvironment, type Settings } from '../environment.ts';
import type { Progress } from '../terminal/progress.ts';
import { createSystemPackages, type SystemPackages } from './system-packages.ts';

export const repositoryFolder = fileURLToPath(new URL('../../../../', import.meta.url)).replace(/\/$/, '');

/** What finding and installing a service needs to know of the machine. */
export interface Machine {
  settings: Settings;
  packages: SystemPackages;
  searchPath: string;
  env: NodeJS.ProcessEnv;
  progress: Progress;
  /** Path of the `studio` command, for messages. */
  command: string;
}

export function createMachine(settings: Settings, progress: Progress): Machine {
  const env = childEnvironment();
  const searchPath = env.PATH ?? '';
  const mayUseDebian = settings.STUDIO_SOURCES.includes('debian');
  const packages = createSystemPackages({ mayUseDebian, searchPath, env, progress });
  return { settings, packages, searchPath, env, progress, command: `${repositoryFolder}/studio` };
}
