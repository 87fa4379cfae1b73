import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chartFolder } from './chart-files.ts';

const version = 'v3.18.4';
const builtFolder = join(tmpdir(), `studio-helm-${version}`);
/** What the chart asks for; a helm that was built from source does not know its own. */
const kubernetesVersion = '1.31.0';
const buildLimitMs = 9 * 60_000;

function answers(program: string): boolean {
  return spawnSync(program, ['version'], { stdio: 'ignore' }).status === 0;
}

/** The one that HELM names, one on the PATH, one built earlier; with STUDIO_TEST_INSTALLS one built now; else null. */
export function findHelm(): string | null {
  const built = join(builtFolder, 'helm');
  const known = [process.env.HELM, 'helm', built].filter((program) => program !== undefined && program !== '');
  const found = known.find((program) => program !== undefined && answers(program));
  if (found !== undefined) return found;
  if (process.env.STUDIO_TEST_INSTALLS !== '1' || !answers('go')) return null;
  mkdirSync(builtFolder, { recursive: true });
  spawnSync('go', ['install', `helm.sh/helm/v3/cmd/helm@${version}`], {
    env: { ...process.env, GOBIN: builtFolder, GOFLAGS: '-mod=mod' },
    stdio: 'ignore',
    timeout: buildLimitMs,
  });
  return existsSync(built) && answers(built) ? built : null;
}

/** The chart's objects as YAML. @throws TypeError with what helm said */
export function renderChart(helm: string, valueFile: string | null, more: readonly string[] = []): string {
  const values = valueFile === null ? [] : ['--values', join(chartFolder, valueFile)];
  const args = ['template', 'demo', chartFolder, '--namespace', 'studio', '--kube-version', kubernetesVersion];
  const { status, stdout, stderr } = spawnSync(helm, [...args, ...values, ...more], { encoding: 'utf8' });
  if (status !== 0) throw new TypeError(stderr);
  return stdout;
}
