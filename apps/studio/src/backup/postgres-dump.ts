import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '@embedding-studio/contracts';
import { emptyDatabase } from '@embedding-studio/db/postgres';
import { childEnvironment } from '../environment.ts';
import { findPostgres } from '../services/find-postgres.ts';
import { runChecked } from '../services/run-command.ts';

const limitMs = 6 * 60 * 60 * 1_000;

/** pg_dump and pg_restore, of the newest PostgreSQL on this machine: they read servers of their own release and older. */
export interface DumpPrograms {
  folder: string;
}

/** @throws StudioError SOURCE_UNREACHABLE */
export async function findDumpPrograms(): Promise<DumpPrograms> {
  const found = await findPostgres(childEnvironment().PATH ?? '', null);
  if (found !== null) return { folder: found.bin };
  throw new StudioError(
    'SOURCE_UNREACHABLE',
    'pg_dump is missing. As root:  apt-get install -y postgresql-client, of the server’s release or a newer one',
  );
}

/** The password goes through the environment: arguments can be read by everyone on the machine. */
function connectionOf(url: string) {
  const address = new URL(url);
  const password = decodeURIComponent(address.password);
  address.password = '';
  return { dbname: `--dbname=${address.href}`, env: childEnvironment({ PGPASSWORD: password, PGAPPNAME: 'studio' }) };
}

/** One database in PostgreSQL's custom format, from one snapshot. What the queue keeps there is left out. */
export async function dumpDatabase(programs: DumpPrograms, url: string, path: string): Promise<void> {
  const { dbname, env } = connectionOf(url);
  const options = ['--format=custom', '--no-owner', '--no-privileges', '--exclude-schema=bullmq', `--file=${path}`];
  await runChecked([join(programs.folder, 'pg_dump'), dbname, ...options], { env, timeoutMs: limitMs });
}

/** Empties the database and fills it from the dump, whose tables come in one transaction or not at all. */
export async function restoreDatabase(programs: DumpPrograms, url: string, path: string): Promise<void> {
  const { dbname, env } = connectionOf(url);
  const restore = join(programs.folder, 'pg_restore');
  const contents = (await runChecked([restore, '--list', path], { env, timeoutMs: limitMs })).split('\n');
  const extensions = contents.flatMap((line) => / EXTENSION - (\S+) /.exec(line)?.[1] ?? []);
  await emptyDatabase(url, extensions);
  // Extensions belong to the server's administrator, and stay.
  const wanted = contents.filter((line) => !/ (EXTENSION - |SCHEMA - public |COMMENT - EXTENSION )/.test(line));
  const list = `${path}.list`;
  await writeFile(list, wanted.join('\n'));
  const options = [
    '--clean',
    '--if-exists',
    '--no-owner',
    '--no-privileges',
    '--exit-on-error',
    '--single-transaction',
  ];
  try {
    await runChecked([restore, dbname, ...options, `--use-list=${list}`, path], { env, timeoutMs: limitMs });
  } finally {
    await rm(list, { force: true });
  }
}
