import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../postgres-cluster.ts';
import { findProgram } from './find-program.ts';
import { serveProgram } from './serve-program.ts';

/** Why there is none, in words, or a FerretDB on this machine that keeps its documents in SQLite files. */
export async function startFerretdb(): Promise<{ url: string; stop(): Promise<void> } | string> {
  const found = await findProgram('ferretdb');
  if ('missing' in found) return found.missing;
  const folder = await mkdtemp(join(tmpdir(), 'studio-ferretdb-'));
  const port = await findFreePort();
  const args = ['--handler=sqlite', `--sqlite-url=file:${folder}/`, `--listen-addr=127.0.0.1:${port}`];
  args.push('--telemetry=disable', '--debug-addr=-', `--state-dir=${folder}`, '--log-level=ERROR');
  const served = await serveProgram(found.path, args, { answers: () => isListening(port) });
  const stop = async () => {
    await served.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: `mongodb://127.0.0.1:${port}/?directConnection=true`, stop };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (answers: boolean) => () => {
      socket.destroy();
      resolve(answers);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });
}
