import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { StudioError } from '@embedding-studio/contracts';
import type { Progress } from '../terminal/progress.ts';
import { findProgram } from './find-program.ts';
import { runChecked, runCommand } from './run-command.ts';
import { isRoot } from './service-user.ts';

const aptOptions = [
  '-y',
  '-q',
  '-o',
  'Acquire::Retries=3',
  '-o',
  'Acquire::http::Timeout=30',
  '-o',
  'DPkg::Lock::Timeout=180',
];
const policy = '#!/bin/sh\n# Written by the studio command while it installs packages.\nexit 101\n';
const policyFile = '/usr/sbin/policy-rc.d';
const noCluster = '\n# Only while the studio command installs packages:\ncreate_main_cluster = false\n';
const clusterConf = '/etc/postgresql-common/createcluster.conf';

export interface SystemPackages {
  /** Null when packages may be installed, else the reason why not. */
  refusal: string | null;
  /** Version that would be installed, or null. Refreshes the package lists once. */
  findCandidate(name: string): Promise<string | null>;
  install(names: readonly string[]): Promise<void>;
}

export interface SystemPackagesOptions {
  mayUseDebian: boolean;
  searchPath: string;
  env: NodeJS.ProcessEnv;
  progress: Progress;
}

/** The command that an administrator types to get the packages. */
export function installCommand(names: readonly string[]): string {
  return `sudo apt-get update && sudo apt-get install -y ${names.join(' ')}`;
}

function refusalOf({ mayUseDebian, searchPath }: SystemPackagesOptions): string | null {
  if (!mayUseDebian) return 'STUDIO_SOURCES leaves out debian';
  if (findProgram(['apt-get'], searchPath) === null) return 'there is no apt-get on this system';
  return isRoot() ? null : 'only root may install packages';
}

/** Debian starts a server when its package is installed; ours run on their own ports, so that is held back. */
async function withoutStarting<T>(action: () => Promise<T>): Promise<T> {
  // One of ours, left by a run that was killed, is taken over and removed in the end.
  if (existsSync(policyFile) && readFileSync(policyFile, 'utf8') !== policy) return action();
  writeFileSync(policyFile, policy, { mode: 0o755 });
  try {
    return await action();
  } finally {
    rmSync(policyFile, { force: true });
  }
}

async function withoutSystemCluster<T>(action: () => Promise<T>): Promise<T> {
  if (!existsSync(clusterConf)) return action();
  const before = readFileSync(clusterConf, 'utf8').replace(noCluster, '');
  writeFileSync(clusterConf, `${before.replace(/^\s*create_main_cluster\s*=/gm, '# $&')}${noCluster}`);
  try {
    return await action();
  } finally {
    writeFileSync(clusterConf, before);
  }
}

export function createSystemPackages(options: SystemPackagesOptions): SystemPackages {
  const env = { ...options.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const refusal = refusalOf(options);
  let refreshed: Promise<unknown> | null = null;
  // A list of some other vendor that cannot be reached must not stop us: install says what is really missing.
  const refresh = () => {
    refreshed ??= runCommand(['apt-get', 'update', ...aptOptions], { env, timeoutMs: 180_000 });
    return refreshed;
  };
  const apt = (names: readonly string[]) =>
    runChecked(['apt-get', 'install', '--no-install-recommends', ...aptOptions, ...names], { env, timeoutMs: 600_000 });
  return {
    refusal,
    findCandidate: async (name) => {
      if (refusal === null) await refresh();
      const { stdout } = await runCommand(['apt-cache', 'policy', name], { env, timeoutMs: 30_000 });
      const version = /Candidate: (\S+)/.exec(stdout)?.[1];
      return version === undefined || version === '(none)' ? null : version;
    },
    install: async (names) => {
      if (refusal !== null)
        throw new StudioError('SOURCE_UNREACHABLE', `${refusal}. Have them installed:\n  ${installCommand(names)}`);
      options.progress.say(`installing Debian packages: ${names.join(' ')}`);
      await refresh();
      await withoutStarting(async () => {
        // Finishes what an installation that was cut off has left; does nothing otherwise.
        const finish = () => runCommand(['dpkg', '--configure', '-a'], { env, timeoutMs: 300_000 });
        await withoutSystemCluster(finish);
        if (names.some((name) => /^postgresql(-\d+)?$/.test(name))) await apt(['postgresql-common']);
        await withoutSystemCluster(() => apt(names));
      });
    },
  };
}
