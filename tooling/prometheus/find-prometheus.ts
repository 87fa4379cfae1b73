import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const unpacked = join(tmpdir(), 'studio-prometheus');
const downloadLimitMs = 3 * 60_000;

export interface PrometheusPrograms {
  prometheus: string;
  promtool: string;
}

function answers(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Those on the PATH, or unpacked earlier; with STUDIO_TEST_INSTALLS those of Debian's package, unpacked now; else null. */
export function findPrometheus(): PrometheusPrograms | null {
  const here = join(unpacked, 'usr/bin');
  const known = [
    { prometheus: 'prometheus', promtool: 'promtool' },
    { prometheus: join(here, 'prometheus'), promtool: join(here, 'promtool') },
  ];
  const find = () => known.find(({ prometheus, promtool }) => answers(prometheus) && answers(promtool)) ?? null;
  return find() ?? (process.env.STUDIO_TEST_INSTALLS === '1' && unpack() ? find() : null);
}

/** Nothing is installed: no server shall start with this machine. */
function unpack(): boolean {
  mkdirSync(unpacked, { recursive: true });
  const settings = { cwd: unpacked, stdio: 'ignore', timeout: downloadLimitMs } as const;
  spawnSync('apt-get', ['download', 'prometheus'], settings);
  const [file] = readdirSync(unpacked).filter((name) => name.endsWith('.deb'));
  if (file === undefined) return false;
  spawnSync('dpkg-deb', ['-x', file, '.'], settings);
  return existsSync(join(unpacked, 'usr/bin/promtool'));
}
