import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { EvalReport } from './eval-report.ts';

/** Checked against the promised form, then written in one move. */
export function writeReport(path: string, report: EvalReport): Promise<void> {
  return writeJson(path, EvalReport.parse(report));
}

/** Written in one move, with the folders above it. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const target = resolve(path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(`${target}.partial`, `${JSON.stringify(value, null, 2)}\n`);
  await rename(`${target}.partial`, target);
}
