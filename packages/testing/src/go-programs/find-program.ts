import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildProgram } from './build-program.ts';
import { type GoProgram, type GoProgramName, goPrograms } from './programs.ts';

const home = fileURLToPath(new URL('../../../../.studio/go', import.meta.url));

/** Where the program is, or in words why there is none: named by its setting, built before, or built now. */
export async function findProgram(name: GoProgramName): Promise<{ path: string } | { missing: string }> {
  const program: GoProgram = goPrograms[name];
  const given = process.env[program.setting];
  if (given) return existsSync(given) ? { path: given } : { missing: `there is no program at ${given}` };
  const path = join(home, `${name}-${program.version}`);
  if (existsSync(path)) return { path };
  const sources = process.env.STUDIO_SOURCES?.split(',').map((source) => source.trim());
  if (sources !== undefined && !sources.includes('go')) return { missing: 'STUDIO_SOURCES leaves out go' };
  if (process.env.STUDIO_TEST_INSTALLS !== '1')
    return { missing: `${program.title} is not built, and STUDIO_TEST_INSTALLS is not 1` };
  const failure = await buildProgram(program, path);
  return failure === null ? { path } : { missing: failure };
}
