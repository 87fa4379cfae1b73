import type { Log } from '@embedding-studio/contracts';

/**
 * What nobody has caught ends the process with a log line in place of Node's own print, which shows every property of an
 * error, addresses with passwords among them.
 */
export function reportCrashes(log: Log): void {
  process.on('uncaughtException', (error: unknown) => {
    log.error({ error: error instanceof Error ? error : new TypeError(String(error)) }, 'process ends');
    process.exit(1);
  });
}
