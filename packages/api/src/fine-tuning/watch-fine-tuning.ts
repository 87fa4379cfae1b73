import { WatchFineTuningInput, watchFineTuning } from '@embedding-studio/core';
import { tracked } from '@trpc/server';
import { procedure } from '../trpc.ts';

export const watchFineTuningProcedure = procedure.input(WatchFineTuningInput).subscription(async function* ({
  ctx,
  input,
  signal,
}) {
  for await (const event of watchFineTuning({ ctx: { ...ctx, signal }, input })) yield tracked(event.id, event);
});
