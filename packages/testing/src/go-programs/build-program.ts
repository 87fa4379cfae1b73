import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GoProgram } from './programs.ts';

const buildMs = 20 * 60_000;

/** Builds it with the Go toolchain, once however many processes ask. Null, or in words why it could not be. */
export async function buildProgram(program: GoProgram, path: string): Promise<string | null> {
  await mkdir(dirname(path), { recursive: true });
  const lock = `${path}.building`;
  while (!(await takeLock(lock))) await sleep(500);
  const scratch = await mkdtemp(`${path}.scratch-`);
  try {
    if (existsSync(path)) return null;
    const built = program.generated ? await buildCopy(program, scratch) : await buildInstalled(program, scratch);
    await rename(built, path);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `${program.title} could not be built with the Go toolchain: ${why.slice(0, 300)}`;
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await rm(lock, { recursive: true, force: true });
  }
}

async function buildInstalled({ module, version, folder }: GoProgram, scratch: string): Promise<string> {
  const name = [module, ...(folder === undefined ? [] : [folder])].join('/');
  await runGo(['install', `${name}@${version}`], { cwd: scratch, GOBIN: scratch });
  const [built = ''] = await readdir(scratch);
  return join(scratch, built);
}

/** From a copy of the module, in which the generated files are written. */
async function buildCopy({ module, version, folder = '.', generated }: GoProgram, scratch: string): Promise<string> {
  const told = JSON.parse(await runGo(['mod', 'download', '-json', `${module}@${version}`], { cwd: scratch }));
  const copy = join(scratch, 'module');
  await cp(told.Dir, copy, { recursive: true });
  for (const [file, text] of Object.entries(generated ?? {})) {
    // The cache of modules is read-only, and so is its copy.
    await chmod(dirname(join(copy, file)), 0o755);
    await writeFile(join(copy, file), `${text}\n`);
  }
  const built = join(scratch, basename(folder));
  await runGo(['build', '-o', built, `./${folder}`], { cwd: copy });
  await chmodFolders(copy);
  return built;
}

/** So that the copy can be removed. */
async function chmodFolders(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  const inside = await readdir(folder, { withFileTypes: true });
  for (const entry of inside) if (entry.isDirectory()) await chmodFolders(join(folder, entry.name));
}

/** In the background of whatever else is at work. */
function runGo(args: readonly string[], { cwd, ...variables }: { cwd: string; GOBIN?: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...variables, CGO_ENABLED: '0' };
    const child = execFile('go', [...args], { cwd, env, timeout: buildMs, maxBuffer: 2 ** 24 }, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
    if (child.pid !== undefined) setPriority(child.pid, 10);
  });
}

/** True for one process at a time; what a process left that is gone counts for nothing. */
async function takeLock(lock: string): Promise<boolean> {
  const holder = join(lock, 'pid');
  const taken = await mkdir(lock).then(
    () => true,
    () => false,
  );
  if (taken) {
    await writeFile(holder, String(process.pid));
    return true;
  }
  const pid = Number(await readFile(holder, 'utf8').catch(() => ''));
  // Without a number yet: just being taken.
  if (pid > 0 && !isAlive(pid)) await rm(lock, { recursive: true, force: true });
  return false;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
