import type { LearningCursor, SessionBatch, SessionWithEvents, SuggestionEvidence } from '@embedding-studio/contracts';
import { weighSession } from '@embedding-studio/ml/suggestion';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import type { JobResult, JobRun } from '../job-run.ts';
import { contributorCode, suggestionPolicy } from './suggestion-policy.ts';

const sessionsPerPage = 500;
/** A session is over half an hour after it began: what is clicked later is not learned from. */
const settleMs = 30 * 60_000;

/** From where the last run ended up to the sessions still under way. Each page is stored with the cursor behind it. */
export async function runSuggestionLearning({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: JobRun<'suggestion_learning'>;
}): Promise<JobResult> {
  authorise(ctx, 'suggestion.write');
  const policy = suggestionPolicy(ctx.deps.clock.now());
  const counts = { sessions: 0, usable: 0 };
  for await (const sessions of newPages(ctx, policy.now)) {
    const last = sessions.at(-1);
    if (last === undefined) continue;
    const evidence = sessions.flatMap(evidenceOf);
    const cursor = { batchId: last.batchId, sessionNumber: last.sessionNumber };
    await ctx.deps.suggestions.recordEvidence({ evidence, cursor, policy });
    counts.sessions += sessions.length;
    counts.usable += evidence.length;
    const note = `${counts.sessions} sessions read`;
    await input.save({ progress: { done: counts.sessions, total: counts.sessions, note, secondsLeft: null } });
  }
  return { result: { ...counts, ...(await ctx.deps.suggestions.rescore(policy)) } };
}

/** Ends at the first session that is still under way: the cursor must not pass it. */
async function* newPages(ctx: Ctx, now: Date): AsyncGenerator<SessionWithEvents[]> {
  const cursor = await ctx.deps.suggestions.getCursor();
  const isUnderWay = ({ createdAt }: SessionWithEvents) => createdAt.getTime() > now.getTime() - settleMs;
  for (const { batchId } of await listOpenBatches(ctx, cursor)) {
    let afterNumber = batchId === cursor?.batchId ? cursor.sessionNumber : 0;
    for (;;) {
      ctx.signal?.throwIfAborted();
      const page = { batchId, afterNumber, limit: sessionsPerPage, eventsLimit: 1_000 };
      const sessions = await ctx.deps.sessions.listBatchSessions(page);
      const open = sessions.findIndex(isUnderWay);
      yield open < 0 ? sessions : sessions.slice(0, open);
      if (open >= 0) return;
      if (sessions.length < sessionsPerPage) break;
      afterNumber = sessions.at(-1)?.sessionNumber ?? afterNumber;
    }
  }
}

/** Oldest first, from the one that the cursor is in. */
async function listOpenBatches(ctx: Ctx, cursor: LearningCursor | null): Promise<SessionBatch[]> {
  const found: SessionBatch[] = [];
  for (let offset = 0; ; offset += 100) {
    const page = await ctx.deps.sessions.listBatches({ offset, limit: 100 });
    found.push(...page);
    const at = found.findIndex(({ batchId }) => batchId === cursor?.batchId);
    if (at >= 0) return found.slice(0, at + 1).reverse();
    if (page.length < 100) return found.reverse();
  }
}

function evidenceOf(session: SessionWithEvents): SuggestionEvidence[] {
  const weighed = weighSession(session);
  if (weighed === null) return [];
  const domain = session.searchMeta?.domain;
  return [
    {
      ...weighed,
      sessionId: session.sessionId,
      contributor: contributorCode(session),
      domain: typeof domain === 'string' && domain.length > 0 && domain.length <= 128 ? domain : null,
      at: session.createdAt,
    },
  ];
}
