import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { z } from 'zod';
import type { FileMeasure } from './measure-file.ts';

const packageSchema = z.object({ name: z.string(), exports: z.record(z.string(), z.string()).default({}) });

/** Our packages' public names, such as `@embedding-studio/ml/onnx`, and the files behind them. */
export function readPackageDoors(root: string, packageFiles: readonly string[]): Map<string, string> {
  const doors = new Map<string, string>();
  for (const path of packageFiles) {
    const parsed = packageSchema.safeParse(JSON.parse(readFileSync(join(root, path), 'utf8')));
    if (!parsed.success) continue;
    for (const [subpath, target] of Object.entries(parsed.data.exports))
      doors.set(posix.join(parsed.data.name, subpath), posix.join(dirname(path), target));
  }
  return doors;
}

function resolveRelative(root: string, from: string, name: string): string | null {
  const base = posix.join(posix.dirname(from), name);
  const candidates = [base, `${base}.ts`, `${base}.tsx`, `${base}/index.ts`];
  return candidates.find((path) => existsSync(join(root, path)) && statSync(join(root, path)).isFile()) ?? null;
}

/** Which file needs which at run time, within the repository. */
export function importGraph(root: string, measures: readonly FileMeasure[], doors: ReadonlyMap<string, string>) {
  return new Map(
    measures.map(({ path, runtimeImports }) => {
      const targets = runtimeImports.map((name) =>
        name.startsWith('.') ? resolveRelative(root, path, name) : (doors.get(name) ?? null),
      );
      return [path, targets.filter((target) => target !== null)] as const;
    }),
  );
}
