import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { type SessionRow, toRows } from './list-sessions.ts';
import { hasFacts, hasTraits, SessionFilter } from './session-filter.ts';

export const WatchSessionsInput = z.object({
  filter: SessionFilter.prefault({}),
  /** `id` of the last answer that arrived: what was written since comes first. */
  lastEventId: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the id of an answer')
    .nullish(),
});
export type WatchSessionsInput = z.input<typeof WatchSessionsInput>;

export interface SessionNews {
  /** Resumes here. */
  id: string;
  /** New sessions and those about which something new is known, in the order of writing. */
  rows: SessionRow[];
  /** Sessions that came while nobody listened and are too many to be sent: 0 unless the list should be read anew. */
  missed: number;
}

const rowsMax = 200;
const askEveryMs = 500;

/** What happens from now on, or since the last answer that arrived. */
export async function* watchSessions({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: WatchSessionsInput;
}): AsyncGenerator<SessionNews, void> {
  authorise(ctx, 'session.read');
  const { filter, lastEventId } = parseInput(WatchSessionsInput, input);
  const { analytics } = ctx.deps;
  let after = Number(lastEventId ?? (await analytics.getState()).sequence);
  // The first answer says where to resume, even before anything happens.
  if (lastEventId === undefined || lastEventId === null) yield { id: String(after), rows: [], missed: 0 };
  while (ctx.signal?.aborted !== true) {
    const { facts, missed } = await analytics.listWritten({ after, limit: rowsMax });
    const last = facts.at(-1);
    if (last !== undefined) {
      after = last.sequence;
      const wanted = facts.filter((one) => hasFacts(one, filter));
      const rows = (await toRows(ctx, wanted)).filter((row) => hasTraits(row, filter));
      if (rows.length > 0 || missed > 0) yield { id: String(after), rows, missed };
    }
    await sleep(askEveryMs, undefined, { signal: ctx.signal }).catch(() => undefined);
  }
}
