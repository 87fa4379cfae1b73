import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** What the figures were measured on. */
export function describeMachine(): Record<string, string | number> {
  const path = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    onnxruntime: String(JSON.parse(readFileSync(path, 'utf8')).version),
  };
}

/** Processes that wanted to run in the last minute: above the number of cores, timings say little. */
export const loadNow = (): number => Number((loadavg()[0] ?? 0).toFixed(2));
