import { type SpoolEntry, type SpooledWrite, toStudioError } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { noteFeedback } from '../improvement/request-improvement.ts';
import { recordVisit } from '../record-audit.ts';

/** Another gateway's spool may hold the session of an event; until then that event is tried again. */
const patienceMs = 300_000;

export interface SpooledOutcome {
  stored: number;
  /** Will not be tried again, by error code. */
  refused: Record<string, number>;
  /** To be tried again later. */
  later: SpoolEntry[];
}

interface Refusal {
  entry: SpoolEntry;
  code: string;
}

/**
 * Stores what waited, in its order; doing it twice changes nothing. What the store refuses stops none of the others.
 * @throws StudioError STORE_UNAVAILABLE while the store is away: nothing of this may be forgotten yet
 */
export async function storeSpooled({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: { entries: readonly SpoolEntry[] };
}): Promise<SpooledOutcome> {
  authorise(ctx, 'session.write');
  const { entries } = input;
  const refusals: Refusal[] = [];
  for (const run of runsOf(entries)) refusals.push(...(await storeRun(ctx, run)));
  const outcome = settle(ctx, refusals);
  outcome.stored = entries.length - refusals.length;
  if (outcome.stored > 0) await noteFeedback(ctx);
  if (Object.keys(outcome.refused).length > 0)
    await recordVisit(ctx, { action: 'spool.refuse', subject: 'clickstream', detail: { refused: outcome.refused } });
  return outcome;
}

/** Neighbours of the same kind, which are stored together. */
function runsOf(entries: readonly SpoolEntry[]): SpoolEntry[][] {
  const runs: SpoolEntry[][] = [];
  for (const entry of entries) {
    const last = runs.at(-1);
    if (last?.[0]?.write.kind === entry.write.kind) last.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

/** What one entry of a run does to the store may stop the whole run: then each is tried by itself. */
async function storeRun(ctx: Ctx, run: readonly SpoolEntry[]): Promise<Refusal[]> {
  try {
    return await storeTogether(ctx, run);
  } catch (error) {
    const { code } = toStudioError(error);
    if (code === 'STORE_UNAVAILABLE') throw error;
    const [only, ...others] = run;
    if (only === undefined) return [];
    if (others.length === 0) return [{ entry: only, code }];
  }
  const refusals: Refusal[] = [];
  for (const entry of run) refusals.push(...(await storeRun(ctx, [entry])));
  return refusals;
}

async function storeTogether({ deps: { sessions } }: Ctx, run: readonly SpoolEntry[]): Promise<Refusal[]> {
  const writes = run.map(({ write }) => write);
  const registered = writes.flatMap((write) => (write.kind === 'session' ? [write.session] : []));
  if (registered.length > 0) await sessions.registerSessions(registered);
  for (const write of writes) {
    if (write.kind === 'page') await sessions.extendSession(write.page);
    if (write.kind === 'mark') await sessions.markIrrelevant(write.sessionId, write.isIrrelevant);
  }
  const events = writes.flatMap((write) => (write.kind === 'event' ? [write.event] : []));
  if (events.length === 0) return [];
  const { refused } = await sessions.ingestEvents(events);
  return refused.flatMap(({ at, code }) => {
    const entry = run[at];
    return entry === undefined ? [] : [{ entry, code }];
  });
}

function settle({ deps }: Ctx, refusals: readonly Refusal[]): SpooledOutcome {
  const now = deps.clock.now();
  const outcome: SpooledOutcome = { stored: 0, refused: {}, later: [] };
  for (const { entry, code } of refusals) {
    const { refusedAt = now } = entry;
    const isHopeless = code === 'EVENT_CONFLICT' || now.getTime() - refusedAt.getTime() >= patienceMs;
    if (!isHopeless) outcome.later.push({ ...entry, refusedAt });
    else {
      outcome.refused[code] = (outcome.refused[code] ?? 0) + 1;
      deps.log.warn({ code, ...namesOf(entry.write) }, 'spooled write refused by the store');
    }
  }
  return outcome;
}

function namesOf(write: SpooledWrite): { kind: string; sessionId: string; eventId?: string } {
  const { kind } = write;
  if (kind === 'session') return { kind, sessionId: write.session.sessionId };
  if (kind === 'page') return { kind, sessionId: write.page.sessionId };
  if (kind === 'mark') return { kind, sessionId: write.sessionId };
  return { kind, sessionId: write.event.sessionId, eventId: write.event.eventId };
}
