import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { StudioError } from '@embedding-studio/contracts';
import type { Progress } from '../terminal/progress.ts';
import { compareVersions } from './compare-versions.ts';
import { type Mirror, readCodename, readMirrors } from './debian-mirror.ts';
import { oldestPgvector, type PostgresPrograms } from './find-postgres.ts';
import { runChecked, runCommand } from './run-command.ts';

const defaultKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const compileFlags = [
  '-O2',
  '-fPIC',
  '-ftree-vectorize',
  '-fassociative-math',
  '-fno-signed-zeros',
  '-fno-trapping-math',
];
const dialectFlags = ['-fno-strict-aliasing', '-fwrapv', '-Wno-unused-parameter'];

export interface BuildOptions {
  postgres: PostgresPrograms;
  env: NodeJS.ProcessEnv;
  progress: Progress;
}

/** Our own release first; an older release's source is too old for us, so the newer suites of the same mirror follow. */
function suitesToTry(mirror: Mirror): string[] {
  const own = mirror.suites.find((suite) => !/[-/]/.test(suite)) ?? 'stable';
  return [...new Set([own, 'trixie', 'stable', 'testing'])];
}

/** apt with lists, cache and sources of its own, so that the machine's configuration stays as it is. */
function writePrivateApt(folder: string, mirror: Mirror, suite: string): string {
  for (const name of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(folder, name), { recursive: true });
  // apt drops root's rights while it downloads, so its user must get in here.
  for (const name of [folder, join(folder, 'lists'), join(folder, 'cache')]) chmodSync(name, 0o755);
  const component = mirror.components.includes('universe') ? 'main universe' : 'main';
  const key = mirror.signedBy ?? (existsSync(defaultKeyring) ? defaultKeyring : null);
  const option = key === null ? '' : `[signed-by=${key}] `;
  writeFileSync(join(folder, 'sources.list'), `deb-src ${option}${mirror.uri} ${suite} ${component}\n`);
  const conf = join(folder, 'apt.conf');
  const settings = { 'Dir::Etc::sourcelist': 'sources.list', 'Dir::State::lists': 'lists', 'Dir::Cache': 'cache' };
  const lines = Object.entries(settings).map(([key, value]) => `${key} "${join(folder, value)}";`);
  writeFileSync(conf, [...lines, 'Dir::Etc::sourceparts "-";', 'APT::Sandbox::User "root";', ''].join('\n'));
  return conf;
}

async function downloadSource(work: string, options: BuildOptions): Promise<string> {
  const codename = readCodename();
  const mirror = readMirrors().find(({ suites }) => codename !== null && suites.includes(codename));
  if (mirror === undefined)
    throw new StudioError('SOURCE_UNREACHABLE', 'apt has no Debian mirror to get pgvector from.');
  for (const suite of suitesToTry(mirror)) {
    const folder = join(work, suite);
    mkdirSync(folder);
    const env = { ...options.env, LC_ALL: 'C', APT_CONFIG: writePrivateApt(folder, mirror, suite) };
    const run = { env, cwd: folder, timeoutMs: 180_000 };
    await runCommand(['apt-get', 'update', '-q'], run);
    const shown = await runCommand(['apt-cache', 'showsrc', 'pgvector'], run);
    const versions = [...shown.stdout.matchAll(/^Version: (\S+)/gm)].map((match) => match[1] ?? '');
    const version = versions.sort(compareVersions).at(-1);
    if (version === undefined || compareVersions(version, oldestPgvector) < 0) continue;
    options.progress.detail(`pgvector ${version} from the ${suite} suite of this machine's mirror`);
    await runChecked(['apt-get', 'source', '--download-only', '-q', `pgvector=${version}`], run);
    const archive = readdirSync(folder).find((name) => /\.orig\.tar\.\w+$/.test(name)) ?? '';
    mkdirSync(join(folder, 'source'));
    await runChecked(['tar', 'xf', archive, '-C', 'source', '--strip-components=1'], run);
    return join(folder, 'source');
  }
  throw new StudioError('SOURCE_UNREACHABLE', `No suite of ${mirror.uri} has pgvector ${oldestPgvector} or newer.`);
}

async function findHeaders(work: string, { postgres, env }: BuildOptions): Promise<string> {
  if (existsSync(join(postgres.headerFolder, 'postgres.h'))) return postgres.headerFolder;
  // The full package pulls in a compiler suite; its headers are all that is needed.
  const run = { env, cwd: work, timeoutMs: 180_000 };
  await runChecked(['apt-get', 'download', '-q', `postgresql-server-dev-${postgres.major}`], run);
  const archive = readdirSync(work).find((name) => name.startsWith('postgresql-server-dev-') && name.endsWith('.deb'));
  await runChecked(['dpkg-deb', '-x', archive ?? '', 'headers'], run);
  return join(work, 'headers', postgres.headerFolder);
}

async function compile(source: string, headers: string, env: NodeJS.ProcessEnv): Promise<void> {
  const waiting = readdirSync(join(source, 'src')).filter((name) => name.endsWith('.c'));
  const objects = waiting.map((name) => name.replace(/\.c$/, '.o'));
  const run = { env, cwd: join(source, 'src'), timeoutMs: 300_000 };
  const compileNext = async (): Promise<void> => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop())
      await runChecked(
        ['gcc', ...compileFlags, ...dialectFlags, '-I.', `-I${headers}`, '-D_GNU_SOURCE', '-c', name],
        run,
      );
  };
  await Promise.all(Array.from({ length: availableParallelism() }, compileNext));
  await runChecked(['gcc', '-shared', '-o', '../vector.so', ...objects, '-lm'], run);
}

function installFiles(source: string, postgres: PostgresPrograms, version: string): void {
  const extensions = join(postgres.shareFolder, 'extension');
  const sql = join(source, 'sql');
  for (const name of readdirSync(sql))
    if (name.startsWith('vector--')) copyFileSync(join(sql, name), join(extensions, name));
  copyFileSync(join(sql, 'vector.sql'), join(extensions, `vector--${version}.sql`));
  copyFileSync(join(source, 'vector.so'), join(postgres.libraryFolder, 'vector.so'));
  // Last: once the control file is there, the extension counts as installed.
  copyFileSync(join(source, 'vector.control'), join(extensions, 'vector.control'));
}

/** Compiles pgvector for an installed server and installs it there. Needs root, gcc and a Debian mirror. */
export async function buildPgvector(options: BuildOptions): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'studio-pgvector-'));
  try {
    const source = await downloadSource(work, options);
    const control = await runChecked(['cat', 'vector.control'], { cwd: source, timeoutMs: 5_000 });
    const version = /default_version = '([^']+)'/.exec(control)?.[1] ?? '';
    options.progress.detail(`compiling pgvector ${version} for PostgreSQL ${options.postgres.major}`);
    await compile(source, await findHeaders(work, options), options.env);
    installFiles(source, options.postgres, version);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
