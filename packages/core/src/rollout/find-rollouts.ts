import { GateReport, type Rollout, RolloutState, type TaskProgress } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { decodeTimeCursor, type Keyed, keyedPage } from '../page.ts';
import { parseInput } from '../parse-input.ts';
import { isMoving } from './request-next-step.ts';

export const FindRolloutsInput = z.object({
  states: z.array(RolloutState).min(1).max(RolloutState.options.length).optional(),
  modelId: z.string().min(1).max(128).optional(),
  after: z.string().max(400).nullable().default(null),
  limit: z.number().int().min(1).max(200).default(50),
});
export type FindRolloutsInput = z.input<typeof FindRolloutsInput>;

export interface RolloutRow {
  id: string;
  state: Rollout['state'];
  isInitial: boolean;
  isMoving: boolean;
  modelId: string | null;
  modelName: string | null;
  collectionId: string | null;
  batchId: string | null;
  /** Gate: change of nDCG@10 and its verdict; null without a gate. */
  gate: { decision: GateReport['decision']; delta: number } | null;
  recall10: number | null;
  /** Of the step that runs. */
  progress: TaskProgress | null;
  /** Why it is where it is. */
  reason: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Newest first, keyset. */
export async function findRollouts({ ctx, input }: { ctx: Ctx; input: FindRolloutsInput }): Promise<Keyed<RolloutRow>> {
  authorise(ctx, 'rollout.read');
  const { after, limit, ...wanted } = parseInput(FindRolloutsInput, input);
  const query = { ...wanted, before: decodeTimeCursor(after), limit: limit + 1 };
  const page = keyedPage(await ctx.deps.rollouts.findRollouts(query), limit);
  return { ...page, rows: await Promise.all(page.rows.map((rollout) => toRow(ctx, rollout))) };
}

const Recall = z.object({ recall: z.object({ recall10: z.number() }) });

async function toRow(ctx: Ctx, rollout: Rollout): Promise<RolloutRow> {
  const { id, state, isInitial, modelId, collectionId, batchId, createdAt, updatedAt } = rollout;
  const gate = GateReport.safeParse(rollout.gate).data;
  const moving = isMoving(rollout);
  return {
    ...{ id, state, isInitial, isMoving: moving, modelId, collectionId, batchId, createdAt, updatedAt },
    modelName: modelId === null ? null : (await ctx.deps.models.getModel(modelId)).name,
    gate: gate === undefined ? null : { decision: gate.decision, delta: gate.delta.mean },
    recall10: Recall.safeParse(rollout.verification).data?.recall.recall10 ?? null,
    progress: moving ? await findProgress(ctx, id) : null,
    reason: rollout.transitions.at(-1)?.reason ?? null,
  };
}

async function findProgress(ctx: Ctx, rolloutId: string): Promise<TaskProgress | null> {
  const filter = { subjects: [rolloutId], statuses: ['processing' as const] };
  const [running] = await ctx.deps.taskSearch.findTasks({ filter, before: null, limit: 1 });
  return running?.progress ?? null;
}
