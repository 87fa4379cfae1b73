import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What was made once for a run is read again by its later attempts: a catalogue that moved on would end its checkpoints. */
export async function rememberIn<T>(path: string, make: () => Promise<T>): Promise<T> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch {
    const made = await make();
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.tmp`, JSON.stringify(made));
    await rename(`${path}.tmp`, path);
    return made;
  }
}
