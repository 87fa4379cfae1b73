import { isStudioError, type SessionBatch, type TrainingWatch, toStudioError } from '@embedding-studio/contracts';
import { derivedId } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import { requestFineTuning } from '../fine-tuning/request-fine-tuning.ts';
import { countEvidence } from './count-evidence.ts';
import { judgeEvidence, type NewEvidence } from './judge-evidence.ts';
import { readTrainingPolicy, readTrainingWatch } from './training-policy.ts';

const keyPrefix = 'auto-training:';
const everyMs = 60_000;
/** A batch is read again once it has grown by this share. */
const growthMin = 0.02;
const rolloutsMax = 100;

/**
 * Looks now and then whether the policy asks for a training, and starts it. Every process may do so: the batch that
 * collects names the run, so that all of them ask for the same one, and what a crash cut short is asked for again.
 */
export function createAutoTraining(ctx: Ctx): () => Promise<void> {
  const own: Ctx = { ...ctx, actor: { kind: 'system', job: 'auto-training' } };
  let lookedAt = 0;
  let counted = { batchId: '', sessions: -1, evidence: { usable: 0, queries: 0 } };
  const count = async (batch: SessionBatch): Promise<NewEvidence> => {
    const { batchId, sessionCount: sessions } = batch;
    if (counted.batchId !== batchId || sessions > counted.sessions * (1 + growthMin))
      counted = { batchId, sessions, evidence: await countEvidence(own, batch) };
    return counted.evidence;
  };
  return async () => {
    const now = ctx.deps.clock.now().getTime();
    if (now - lookedAt < everyMs) return;
    lookedAt = now;
    const { policy } = await readTrainingPolicy(own);
    if (!policy.isEnabled) return;
    try {
      await look(own, count);
    } catch (error) {
      const { code, publicMessage } = toStudioError(error);
      ctx.deps.log.warn({ code }, 'automatic training could not start');
      await keep(own, { words: `Could not start: ${publicMessage}` });
    }
  };
}

async function look(ctx: Ctx, count: (batch: SessionBatch) => Promise<NewEvidence>): Promise<void> {
  const batches = await ctx.deps.sessions.listBatches({ offset: 0, limit: 20 });
  const newest = batches.find(({ releaseId }) => releaseId?.startsWith(keyPrefix))?.releaseId;
  if (newest !== undefined && (await isCut(ctx, newest))) await start(ctx, newest);
  const batch = batches.find(({ status }) => status === 'collecting');
  const { policy } = await readTrainingPolicy(ctx);
  const rollouts = await ctx.deps.rollouts.listRollouts({ offset: 0, limit: rolloutsMax });
  const evidence = batch === undefined ? { usable: 0, queries: 0 } : await count(batch);
  const verdict = judgeEvidence({ policy, evidence, rollouts, now: ctx.deps.clock.now() });
  const seen = { ...evidence, batchId: batch?.batchId ?? null, sessions: batch?.sessionCount ?? 0 };
  if (!verdict.isDue || batch === undefined) return keep(ctx, { ...seen, words: verdict.words });
  const rolloutId = await start(ctx, `${keyPrefix}${batch.batchId}`);
  await keep(ctx, { ...seen, words: `${verdict.words} Started rollout ${rolloutId}.`, rolloutId });
}

/** The batch was released and the run was not asked for, or not to the end. */
async function isCut(ctx: Ctx, key: string): Promise<boolean> {
  try {
    const { state, transitions } = await ctx.deps.rollouts.getRollout(derivedId('rol', key));
    return state === 'requested' && transitions.length === 0;
  } catch (error) {
    if (isStudioError(error) && error.code === 'ROLLOUT_NOT_FOUND') return true;
    throw error;
  }
}

/** Idempotent on the key, which also names the release of the batch. */
async function start(ctx: Ctx, key: string): Promise<string> {
  const { policy } = await readTrainingPolicy(ctx);
  const { method, settings, mode } = policy;
  const switches = mode === 'automatic';
  const { rollout } = await requestFineTuning({ ctx, input: { method, settings, switches, idempotencyKey: key } });
  return rollout?.id ?? derivedId('rol', key);
}

async function keep(ctx: Ctx, change: Partial<TrainingWatch>): Promise<void> {
  const before = await readTrainingWatch(ctx);
  const nothing = { batchId: null, sessions: 0, usable: 0, queries: 0, words: '', rolloutId: null };
  await ctx.deps.policies.putPolicy('trainingWatch', {
    ...{ ...nothing, ...before, ...change },
    at: ctx.deps.clock.now().toISOString(),
  });
}
