import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@embedding-studio/contracts';
import { type Ctx, refreshAnalytics } from '@embedding-studio/core';

const restMs = 1_000;
const restAfterFailureMs = 10_000;
/** Share of the time that following may take, so that counting a busy hour leaves the store to its users. */
const shareMax = 0.25;

/** Keeps facts and counts as new as the sessions; of several processes one does so at a time. */
export function followSessions(ctx: Ctx): { close(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const owner = newId('request');
  const loop = async () => {
    while (!signal.aborted) {
      const start = performance.now();
      const rest = await refreshAnalytics({ ctx: { ...ctx, signal }, input: { owner } }).then(
        (outcome) => (outcome?.isCaughtUp === false ? 0 : Math.max(restMs, (performance.now() - start) / shareMax)),
        (error: unknown) => {
          if (!signal.aborted) ctx.deps.log.warn({ error: String(error) }, 'sessions are not followed');
          return restAfterFailureMs;
        },
      );
      await sleep(rest, undefined, { signal }).catch(() => undefined);
    }
    await ctx.deps.analytics.endTurn(owner).catch(() => undefined);
  };
  const ended = loop();
  return {
    close: async () => {
      stopping.abort();
      await ended;
    },
  };
}
