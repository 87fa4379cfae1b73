import type { PropensityCurve, SessionWithEvents } from '@embedding-studio/contracts';
import { measureInThread } from '@embedding-studio/ml/bias';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';

export const GetPropensityCurveInput = z.object({
  /** Default: the newest sessions of all batches. */
  batchId: z.string().min(1).max(128).optional(),
});
export type GetPropensityCurveInput = z.input<typeof GetPropensityCurveInput>;

export interface PropensityCurveResult extends PropensityCurve {
  /** When the first and the last of the sessions were; null without any. */
  from: Date | null;
  to: Date | null;
}

/** As many as tell a list of ten ranks to a few hundredths, and as are read in about a second. */
const sessionsMax = 5_000;
const resamples = 100;
const seed = 1;
const page = 500;
const eventsMax = 50;
const freshMs = 300_000;

interface Kept {
  at: number;
  curve: Promise<PropensityCurveResult>;
}

const keptOf = new WeakMap<object, Map<string, Kept>>();

/**
 * How much less lower ranks are looked at, by the newest 5,000 sessions at most, and how that was found. Measured anew
 * after five minutes at the earliest.
 */
export async function getPropensityCurve({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: GetPropensityCurveInput;
}): Promise<PropensityCurveResult> {
  authorise(ctx, 'session.read');
  const { batchId } = parseInput(GetPropensityCurveInput, input);
  if (batchId !== undefined) await ctx.deps.sessions.getBatch(batchId);
  const kept = keptOf.get(ctx.deps) ?? new Map<string, Kept>();
  keptOf.set(ctx.deps, kept);
  const key = batchId ?? '';
  const now = ctx.deps.clock.now().getTime();
  const known = kept.get(key);
  if (known !== undefined && now - known.at < freshMs) return known.curve;
  const curve = measure(ctx, batchId);
  kept.clear();
  kept.set(key, { at: now, curve });
  curve.catch(() => kept.delete(key));
  return curve;
}

/** Callers share it, so that no single one of them may stop it. */
async function measure({ deps }: Ctx, batchId: string | undefined): Promise<PropensityCurveResult> {
  const sessions = await loadNewest(deps, batchId);
  const curve = await measureInThread(sessions, { resamples, seed });
  const times = sessions.map(({ createdAt }) => createdAt.getTime());
  const [first, last] = [times.reduce((a, b) => Math.min(a, b), Infinity), times.reduce((a, b) => Math.max(a, b), 0)];
  return { ...curve, from: times.length > 0 ? new Date(first) : null, to: times.length > 0 ? new Date(last) : null };
}

async function loadNewest(deps: Ctx['deps'], batchId: string | undefined): Promise<SessionWithEvents[]> {
  const batches =
    batchId === undefined
      ? await deps.sessions.listBatches({ offset: 0, limit: 20 })
      : [await deps.sessions.getBatch(batchId)];
  const found: SessionWithEvents[] = [];
  for (const { batchId: from, sessionCount } of batches) {
    const start = Math.max(0, sessionCount - (sessionsMax - found.length));
    for (let afterNumber = start; afterNumber < sessionCount; ) {
      const more = await deps.sessions.listBatchSessions({
        ...{ batchId: from, afterNumber, limit: page, eventsLimit: eventsMax },
      });
      found.push(...more);
      afterNumber = more.at(-1)?.sessionNumber ?? sessionCount;
    }
    if (found.length >= sessionsMax) break;
  }
  return found;
}
