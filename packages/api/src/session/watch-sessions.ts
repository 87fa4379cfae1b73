import { WatchSessionsInput, watchSessions } from '@embedding-studio/core';
import { tracked } from '@trpc/server';
import { procedure } from '../trpc.ts';

/** Server-sent events; a client that was cut off resumes behind the last one that reached it. */
export const watchSessionsProcedure = procedure.input(WatchSessionsInput).subscription(async function* ({
  ctx,
  input,
  signal,
}) {
  for await (const news of watchSessions({ ctx: { ...ctx, signal: signal ?? ctx.signal }, input }))
    yield tracked(news.id, news);
});
