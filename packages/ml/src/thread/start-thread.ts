import { Worker } from 'node:worker_threads';

/**
 * Starts a worker thread from a TypeScript file, under tsx as well as under a test runner.
 * The thread finds `settings` as `workerData.settings`; the buffers of `transfer` are its own from then on.
 */
export function startThread(entry: URL, settings: unknown, transfer: readonly ArrayBuffer[] = []): Worker {
  return new Worker(new URL('./typescript-entry.mjs', import.meta.url), {
    workerData: { entry: entry.href, settings },
    execArgv: [],
    transferList: [...transfer],
  });
}
