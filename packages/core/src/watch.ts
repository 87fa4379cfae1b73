import { setTimeout as sleep } from 'node:timers/promises';
import type { Ctx } from './context.ts';

export interface WatchOptions<T> {
  everyMs: number;
  read: () => Promise<T>;
  /** True for a value after which nothing changes any more. */
  isOver?: (value: T) => boolean;
}

/** Reads again and again and yields what has changed, until the caller goes away or nothing more can come. */
export async function* watch<T>(ctx: Ctx, { everyMs, read, isOver }: WatchOptions<T>): AsyncGenerator<T> {
  let last: string | null = null;
  while (!ctx.signal?.aborted) {
    const value = await read();
    const seen = JSON.stringify(value);
    if (seen !== last && !ctx.signal?.aborted) yield value;
    last = seen;
    if (isOver?.(value)) return;
    await sleep(everyMs, undefined, { signal: ctx.signal }).catch(() => undefined);
  }
}
