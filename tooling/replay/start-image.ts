import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReplayedStage } from './replay-stage.ts';

const startLimitMs = 90_000;

export interface StartedImage {
  secondsToHealthy: number;
  residentMegabytes: number;
  rootMegabytes: number;
  stop(): Promise<number | null>;
}

export interface ImageStart {
  variables: Record<string, string>;
  /** Ports of the image, and those that are free here. */
  ports: Record<string, number>;
}

/** Starts the image's own command and waits until its own health check passes. */
export async function startImage(image: ReplayedStage, { variables, ports }: ImageStart): Promise<StartedImage> {
  const place = (word: string) =>
    Object.entries(ports)
      .reduce((text, [from, to]) => text.replaceAll(from, String(to)), word)
      .replaceAll('/app/', `${image.root}/app/`)
      .replaceAll('0.0.0.0', '127.0.0.1');
  const own = Object.fromEntries(Object.entries(image.env).map(([name, value]) => [name, place(value)]));
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...own, ...variables };
  const cwd = join(image.root, image.workdir);
  const [program = '', ...args] = [...image.entrypoint, ...image.command].map(place);
  const start = performance.now();
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-2_000);
  });
  const [probe = '', ...rest] = image.healthcheck.map(place);
  while (spawnSync(probe, rest, { cwd, env }).status !== 0) {
    if (child.exitCode !== null || performance.now() - start > startLimitMs) {
      child.kill('SIGKILL');
      throw new TypeError(`It did not become healthy. It said last:\n${said}`);
    }
    await sleep(100);
  }
  await requireMetrics(env);
  return {
    secondsToHealthy: (performance.now() - start) / 1_000,
    residentMegabytes: residentMegabytes(child),
    rootMegabytes: Number(execFileSync('du', ['-sm', image.root], { encoding: 'utf8' }).split('\t')[0]),
    stop: () => stop(child),
  };
}

/** Every process tells its metrics where prometheus.yml asks for them. */
async function requireMetrics({ METRICS_PORT, GATEWAY_PORT }: Record<string, string | undefined>): Promise<void> {
  const url = `http://127.0.0.1:${METRICS_PORT ?? GATEWAY_PORT}/metrics`;
  const text = await fetch(url, { signal: AbortSignal.timeout(10_000) }).then((answer) => answer.text());
  if (!text.includes('embedding_studio_process_resident_memory_bytes')) throw new TypeError(`No metrics at ${url}`);
}

function residentMegabytes({ pid }: ChildProcess): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  return Math.round((pages * 4_096) / 1e6);
}

/** As an engine does it: a request to end, and its exit code. */
function stop(child: ChildProcess): Promise<number | null> {
  return new Promise((ended) => {
    child.once('exit', (code) => ended(code));
    child.kill('SIGTERM');
  });
}
