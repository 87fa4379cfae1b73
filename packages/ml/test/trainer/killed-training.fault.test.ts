import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { tinyBert, withFolder, writeArtefact } from './tiny-artefact.ts';

const script = fileURLToPath(new URL('./train-in-process.ts', import.meta.url));

/** Runs the training process; with `killAt` it is sent SIGKILL once that step is reported. */
function runProcess(
  modelFolder: string,
  workFolder: string,
  killAt?: number,
): Promise<{ output: string; signal: string | null }> {
  mkdirSync(workFolder, { recursive: true });
  const child = spawn(process.execPath, ['--import', 'tsx', script, modelFolder, workFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (killAt !== undefined && output.includes(`step ${killAt}\n`)) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (_, signal) => resolve({ output, signal }));
  });
}

test('a training process killed twice ends with the bytes of the one that was never killed', async () => {
  await withFolder(async (folder) => {
    const model = writeArtefact(join(folder, 'base'), tinyBert(1));
    await runProcess(model, join(folder, 'whole'));
    const cut = join(folder, 'cut');
    expect((await runProcess(model, cut, 8)).signal).toBe('SIGKILL');
    expect((await runProcess(model, cut, 20)).signal).toBe('SIGKILL');
    const { output } = await runProcess(model, cut);
    const resumedFrom = Number(output.match(/resumed from (\d+)/)?.[1]);
    expect(resumedFrom).toBeGreaterThanOrEqual(18);
    const bytes = (work: string) => readFileSync(join(folder, work, 'out', 'model.onnx'));
    expect(bytes('cut').equals(bytes('whole'))).toBe(true);
  });
});
