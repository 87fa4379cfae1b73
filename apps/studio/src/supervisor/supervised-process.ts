import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { StudioError } from '@embedding-studio/contracts';
import { endProcesses } from './end-processes.ts';
import { type LogFile, openLogFile } from './log-file.ts';
import { findIdentity, type ProcessIdentity } from './process-identity.ts';
import type { ServiceSpec } from './service-spec.ts';

export interface SupervisedProcess {
  spec: ServiceSpec;
  log: LogFile;
  identity(): ProcessIdentity | null;
  restarts(): number;
  isReady(): boolean;
  /** Resolves when it answers for the first time; throws STORE_UNAVAILABLE with the end of its log otherwise. */
  start(): Promise<void>;
  stop(graceMs: number): Promise<void>;
}

export interface ProcessEvents {
  /** It was started, became ready, or ended. */
  onChange: () => void;
  onRestart: (delayMs: number, reason: string) => void;
}

const firstDelayMs = 200;
const longestDelayMs = 10_000;
const steadyMs = 20_000;
// A server killed hard may find its own remains on the next start: one failed start says nothing yet.
const startTries = 3;

interface Life {
  child: ChildProcess | null;
  identity: ProcessIdentity | null;
  ready: boolean;
  stopping: boolean;
  restarts: number;
  delayMs: number;
  lastExit: string;
  output: string;
}

interface Context {
  log: LogFile;
  events: ProcessEvents;
}

function spawnChild(spec: ServiceSpec, life: Life, log: LogFile): ChildProcess {
  const [program = '', ...args] = spec.command;
  // A process group of its own: Ctrl-C reaches the supervisor only, which ends the services in order.
  const child = spawn(program, args, {
    cwd: spec.cwd,
    env: spec.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...spec.user,
  });
  life.output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      log.write(chunk);
      if (!life.ready) life.output = (life.output + chunk.toString('utf8')).slice(-20_000);
    });
  return child;
}

function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}

function launch(spec: ServiceSpec, life: Life, context: Context): Promise<void> {
  const startedAt = performance.now();
  const child = spawnChild(spec, life, context.log);
  life.child = child;
  life.identity = child.pid === undefined ? null : findIdentity(child.pid);
  context.events.onChange();
  return new Promise((ended) => {
    let over = false;
    const finish = (reason: string) => {
      if (over) return;
      over = true;
      life.lastExit = reason;
      Object.assign(life, { child: null, identity: null, ready: false });
      if (performance.now() - startedAt > steadyMs) life.delayMs = firstDelayMs;
      context.events.onChange();
      ended();
    };
    child.on('error', (error) => finish(error.message));
    child.on('exit', (code, signal) => finish(describeExit(code, signal)));
  });
}

/** Polls until the running start answers, it ends, or the time is over. */
async function awaitReady(spec: ServiceSpec, life: Life, onChange: () => void): Promise<boolean> {
  const child = life.child;
  const deadline = performance.now() + spec.readyTimeoutMs;
  while (life.child === child && child !== null && !life.stopping && performance.now() < deadline) {
    if (await spec.isReady(life.output).catch(() => false)) {
      if (life.child !== child) return false;
      life.ready = true;
      onChange();
      return true;
    }
    await sleep(60);
  }
  return false;
}

interface Started {
  ended: Promise<void>;
}

async function startFirst(spec: ServiceSpec, life: Life, context: Context): Promise<Started> {
  for (let tries = 1; ; tries += 1) {
    const ended = launch(spec, life, context);
    if (await awaitReady(spec, life, context.events.onChange)) return { ended };
    const hung = life.identity;
    if (hung !== null) await endProcesses([{ identity: hung, stopSignal: spec.stopSignal }], 3_000);
    const reason = hung === null ? life.lastExit : `no answer within ${Math.round(spec.readyTimeoutMs / 1000)} s`;
    if (life.stopping || hung !== null || tries >= startTries) {
      const said = context.log.tail(12).join('\n  ');
      throw new StudioError(
        'STORE_UNAVAILABLE',
        `${spec.name} did not start (${reason}). Log ${context.log.path}:\n  ${said}`,
      );
    }
    await sleep(firstDelayMs * 2 ** tries);
  }
}

async function endUnlessReady(spec: ServiceSpec, life: Life, onChange: () => void): Promise<void> {
  const identity = life.identity;
  if ((await awaitReady(spec, life, onChange)) || identity === null || life.stopping) return;
  await endProcesses([{ identity, stopSignal: spec.stopSignal }], 3_000);
}

/** Starts it again for as long as nobody asked it to stop, waiting longer after each quick end. */
async function keepRunning(spec: ServiceSpec, life: Life, context: Context & Started): Promise<void> {
  let { ended } = context;
  for (;;) {
    await ended;
    if (life.stopping) return;
    context.events.onRestart(life.delayMs, life.lastExit);
    await sleep(life.delayMs);
    if (life.stopping) return;
    life.delayMs = Math.min(life.delayMs * 2, longestDelayMs);
    life.restarts += 1;
    ended = launch(spec, life, context);
    void endUnlessReady(spec, life, context.events.onChange);
  }
}

export function createSupervisedProcess(spec: ServiceSpec, logPath: string, events: ProcessEvents): SupervisedProcess {
  const log = openLogFile(logPath);
  const life: Life = {
    child: null,
    identity: null,
    ready: false,
    stopping: false,
    restarts: 0,
    delayMs: firstDelayMs,
    lastExit: '',
    output: '',
  };
  return {
    spec,
    log,
    identity: () => life.identity,
    restarts: () => life.restarts,
    isReady: () => life.ready,
    start: async () => {
      const { ended } = await startFirst(spec, life, { log, events });
      void keepRunning(spec, life, { log, events, ended });
    },
    stop: async (graceMs) => {
      life.stopping = true;
      if (life.identity !== null)
        await endProcesses([{ identity: life.identity, stopSignal: spec.stopSignal }], graceMs);
    },
  };
}
