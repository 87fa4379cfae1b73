import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { EvalReport } from './eval-report.ts';

/** Checked against the promised form, then written in one move. */
export async function writeReport(path: string, report: EvalReport): Promise<void> {
  const target = resolve(path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(`${target}.partial`, `${JSON.stringify(EvalReport.parse(report), null, 2)}\n`);
  await rename(`${target}.partial`, target);
}
