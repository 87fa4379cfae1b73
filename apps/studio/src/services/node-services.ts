import { existsSync, mkdirSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { nodeCommand } from '../supervisor/node-command.ts';
import type { ServiceSpec } from '../supervisor/service-spec.ts';
import { repositoryFolder } from './machine.ts';
import { isHttpReady, isListening } from './probes.ts';

export interface NodeServiceOptions {
  folder: string;
  env: NodeJS.ProcessEnv;
  readyTimeoutMs: number;
}

const programs = {
  documents: 'packages/embedded-mongo/src/main.ts',
  models: 'apps/model-server/src/main.ts',
  gateway: 'apps/gateway/src/main.ts',
  workers: 'apps/workers/src/main.ts',
  console: 'apps/web/next.config.ts',
};

export function findNodeProgram(name: keyof typeof programs): string | null {
  const path = join(repositoryFolder, programs[name]);
  return existsSync(path) ? path : null;
}

function specOf(
  name: keyof typeof programs,
  args: readonly string[],
  options: NodeServiceOptions,
): Omit<ServiceSpec, 'isReady'> {
  return {
    name,
    command: nodeCommand(join(repositoryFolder, programs[name]), args),
    env: options.env,
    // Worker threads resolve their loader from here.
    cwd: repositoryFolder,
    user: null,
    stopSignal: 'SIGTERM',
    readyTimeoutMs: options.readyTimeoutMs,
  };
}

function makeFolder(options: NodeServiceOptions, name: string): string {
  const folder = join(options.folder, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Documents live in memory; without being told, Node stops at four gigabytes on any machine. */
function heapMegabytes(): number {
  const bytes = Math.min(process.constrainedMemory() || Number.POSITIVE_INFINITY, totalmem());
  return Math.max(512, Math.floor(bytes / 2 / 1024 ** 2));
}

export function documentsSpec(port: number, options: NodeServiceOptions): { spec: ServiceSpec; url: string } {
  const args = ['--port', String(port), '--folder', makeFolder(options, 'documents')];
  const isReady = () => isListening('127.0.0.1', port);
  const { command, ...spec } = specOf('documents', args, options);
  const [node = '', ...rest] = command;
  return {
    spec: { ...spec, command: [node, `--max-old-space-size=${heapMegabytes()}`, ...rest], isReady },
    url: `mongodb://127.0.0.1:${port}/?directConnection=true`,
  };
}

export function modelServerSpec(
  port: number,
  size: { threads: number; modelsMax: number },
  options: NodeServiceOptions,
): { spec: ServiceSpec; url: string } {
  const repository = makeFolder(options, 'models');
  const args = ['--port', String(port), '--repository', repository, '--threads', String(size.threads)];
  args.push('--models-max', String(size.modelsMax));
  const url = `http://127.0.0.1:${port}`;
  const isReady = () => isHttpReady(`${url}/v2/health/ready`);
  // A port for metrics is the workers' where all run on one machine.
  const own = { ...options, env: { ...options.env, METRICS_PORT: undefined } };
  return { spec: { ...specOf('models', args, own), isReady }, url };
}

export function gatewaySpec(port: number, options: NodeServiceOptions): { spec: ServiceSpec; url: string } {
  const url = `http://127.0.0.1:${port}`;
  const isReady = () => isHttpReady(`${url}/api/v1/ping`);
  return { spec: { ...specOf('gateway', ['--port', String(port)], options), isReady }, url };
}

/** Workers have no port: they say that they are ready. */
export function workersSpec(roles: readonly string[], options: NodeServiceOptions): ServiceSpec {
  const isReady = async (output: string) => /"ready":\s*true/.test(output);
  return { ...specOf('workers', ['--roles', roles.join(',')], options), isReady };
}
