import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findFreePort } from '@embedding-studio/testing';

const run = promisify(execFile);
const release = 'mlflow==3.17.2';
const home = fileURLToPath(new URL('../../../../.studio/mlflow', import.meta.url));
const program = join(home, 'bin/mlflow');
const startMs = 180_000;

export interface MlflowServer {
  url: string;
  stop(): Promise<void>;
}

/** Why there is none, in words, or a server with an empty store: MLFLOW_TRACKING_URI, or one of our own from PyPI. */
export async function startMlflow(): Promise<MlflowServer | string> {
  const given = process.env.MLFLOW_TRACKING_URI;
  if (given) return { url: given, stop: async () => undefined };
  const missing = existsSync(program) ? null : await install();
  return missing ?? startOwn();
}

/** Only where it is asked for: it takes minutes. Null once it is installed. */
async function install(): Promise<string | null> {
  const sources = process.env.STUDIO_SOURCES?.split(',').map((name) => name.trim());
  if (sources !== undefined && !sources.includes('pypi')) return 'STUDIO_SOURCES leaves out pypi';
  if (process.env.STUDIO_TEST_INSTALLS !== '1') return 'MLflow is not installed, and STUDIO_TEST_INSTALLS is not 1';
  try {
    await mkdir(home, { recursive: true });
    await run('python3', ['-m', 'venv', home], { timeout: 120_000 });
    const pip = [
      '-m',
      'pip',
      'install',
      '-q',
      '--no-input',
      '--no-compile',
      '--only-binary',
      ':all:',
      '--timeout',
      '10',
      release,
    ];
    await run(join(home, 'bin/python'), pip, { timeout: 10 * 60_000 });
    return null;
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    return `MLflow could not be installed from PyPI: ${error instanceof Error ? error.message.slice(0, 300) : error}`;
  }
}

async function startOwn(): Promise<MlflowServer> {
  const folder = await mkdtemp(join(tmpdir(), 'studio-mlflow-'));
  const port = await findFreePort();
  const store = ['--backend-store-uri', `sqlite:///${folder}/mlflow.db`, '--artifacts-destination', `${folder}/files`];
  const where = ['--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  const child = spawn(program, ['server', ...where, ...store], { stdio: 'ignore', detached: true });
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  const until = Date.now() + startMs;
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > until) {
      await stop();
      throw new TypeError(`mlflow did not start (exit ${child.exitCode})`);
    }
    await sleep(300);
  }
  return { url, stop };
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  );

/** With its workers: it starts some. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = new Promise((settle) => child.once('exit', settle));
  process.kill(-child.pid, 'SIGTERM');
  await Promise.race([ended, sleep(5_000)]);
  if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
}
