import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findFreePort } from '@embedding-studio/testing';
import type { ServerUnderTest } from './test-model-server-port.ts';

const run = promisify(execFile);
/** NVIDIA's wheel that carries the server program, and what its Python backend needs to run ONNX. It sends nothing of NumPy 2. */
const wheels = ['nvidia-pytriton==0.7.0', 'numpy==1.26.4', 'onnxruntime==1.30.0'];
const home = fileURLToPath(new URL('../../../../.studio/triton', import.meta.url));
const backend = fileURLToPath(new URL('../fixtures/triton/onnxruntime_backend.py', import.meta.url));
const python = join(home, 'bin/python');
const done = join(home, 'installed');
const startMs = 60_000;

export interface TritonServer extends ServerUnderTest {
  /** `grpc://host:port`; null: that of TRITON_URL, where nobody named it. */
  grpcUrl: string | null;
  stop(): Promise<void>;
}

/** Why there is none, in words, or a Triton: the one of TRITON_URL, or one of our own from PyPI, on the CPU. */
export async function startTriton(): Promise<TritonServer | string> {
  const { TRITON_URL: url, MODEL_REPOSITORY_FOLDER: repositoryFolder, TRITON_METRICS_URL: metricsUrl } = process.env;
  const { TRITON_GRPC_URL: grpcUrl = null } = process.env;
  if (url && repositoryFolder) return { url, grpcUrl, repositoryFolder, metricsUrl, stop: async () => undefined };
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'NVIDIA has a wheel for Linux on x86-64 only';
  const missing = existsSync(done) ? null : await install();
  return missing ?? startOwn();
}

/** Only where it is asked for: it takes a minute. Null once it is installed. */
async function install(): Promise<string | null> {
  const sources = process.env.STUDIO_SOURCES?.split(',').map((name) => name.trim());
  if (sources !== undefined && !sources.includes('pypi')) return 'STUDIO_SOURCES leaves out pypi';
  if (process.env.STUDIO_TEST_INSTALLS !== '1') return 'Triton is not installed, and STUDIO_TEST_INSTALLS is not 1';
  try {
    await mkdir(home, { recursive: true });
    await run('python3', ['-m', 'venv', home], { timeout: 120_000 });
    const pip = ['-m', 'pip', 'install', '-q', '--no-input', '--no-deps', '--only-binary', ':all:', '--timeout', '10'];
    await run(python, [...pip, ...wheels], { timeout: 10 * 60_000 });
    const { site, version } = await describePython();
    await placeBackends(join(site, 'pytriton/tritonserver'), version);
    await writeFile(done, '');
    return null;
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    return `Triton could not be installed from PyPI: ${error instanceof Error ? error.message.slice(0, 300) : error}`;
  }
}

async function describePython(): Promise<{ site: string; version: string }> {
  const script = 'import sys, sysconfig; print(sysconfig.get_path("purelib")); print("%d.%d" % sys.version_info[:2])';
  const { stdout } = await run(python, ['-c', script]);
  const [site = '', version = ''] = stdout.trim().split('\n');
  return { site, version };
}

/** NVIDIA's ONNX Runtime library is in no registry: its name is given to a backend in Python that does the same. */
async function placeBackends(wheel: string, version: string): Promise<void> {
  const backends = join(home, 'backends');
  await cp(join(wheel, 'backends/python'), join(backends, 'python'), { recursive: true });
  const stub = 'triton_python_backend_stub';
  await copyFile(join(wheel, 'python_backend_stubs', version, stub), join(backends, 'python', stub));
  await mkdir(join(backends, 'onnxruntime'), { recursive: true });
  await copyFile(backend, join(backends, 'onnxruntime/model.py'));
}

async function startOwn(): Promise<TritonServer> {
  const { site } = await describePython();
  const repositoryFolder = await mkdtemp(join(tmpdir(), 'studio-triton-'));
  const [port, grpcPort, metricsPort] = [await findFreePort(), await findFreePort(), await findFreePort()];
  const flags = {
    ...{ 'model-repository': repositoryFolder, 'model-control-mode': 'explicit' },
    ...{ 'http-address': '127.0.0.1', 'http-port': port, 'metrics-address': '127.0.0.1', 'metrics-port': metricsPort },
    ...{ 'grpc-address': '127.0.0.1', 'grpc-port': grpcPort },
    ...{ 'backend-directory': join(home, 'backends'), 'exit-timeout-secs': 3 },
  };
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  const child = spawn(join(site, 'pytriton/tritonserver/bin/tritonserver'), args, {
    stdio: 'ignore',
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(site, 'nvidia_pytriton.libs'),
      PATH: `${join(home, 'bin')}:${process.env.PATH}`,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await end(child);
    await rm(repositoryFolder, { recursive: true, force: true });
  };
  for (const until = Date.now() + startMs; !(await answers(url)); await sleep(200)) {
    if (child.exitCode === null && Date.now() < until) continue;
    await stop();
    throw new TypeError(`Triton did not start (exit ${child.exitCode})`);
  }
  const grpcUrl = `grpc://127.0.0.1:${grpcPort}`;
  return { url, grpcUrl, repositoryFolder, metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`, stop };
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/v2/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  );

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((settle) => child.once('exit', settle));
  child.kill('SIGTERM');
  await Promise.race([ended, sleep(8_000)]);
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}
