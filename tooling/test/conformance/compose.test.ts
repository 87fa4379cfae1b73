import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const docker = fileURLToPath(new URL('../../../docker', import.meta.url));
const hasCompose = spawnSync('docker', ['compose', 'version'], { stdio: 'ignore', timeout: 10_000 }).status === 0;
const sets = [[], ['gpu'], ['model-server'], ['observability'], ['model-server', 'observability']];

describe.skipIf(!hasCompose)(`docker compose${hasCompose ? '' : ' (not reachable here)'}`, () => {
  it.each(sets.map((names) => [names]))('reads compose.yml with %j', (names) => {
    const files = ['compose.yml', ...names.map((name) => `compose.${name}.yml`)].flatMap((file) => ['--file', file]);
    const { status, stderr } = spawnSync('docker', ['compose', ...files, 'config', '--quiet'], {
      cwd: docker,
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
