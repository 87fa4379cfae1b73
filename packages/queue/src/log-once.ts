import type { Log } from '@embedding-studio/contracts';

/** Says once that something fails and once that it works again, however often it is tried in between. */
export function logOnce(log: Log, what: string) {
  let isFailing = false;
  return {
    failed(error: unknown): void {
      if (!isFailing) log.warn({ error: String(error) }, `${what} fails; it is tried again`);
      isFailing = true;
    },
    worked(): void {
      if (isFailing) log.info({}, `${what} works again`);
      isFailing = false;
    },
  };
}
