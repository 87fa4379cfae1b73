import {
  actorName,
  jobCatalog,
  type KindPause,
  TaskKind,
  type WorkerRole,
  workerRoles,
} from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';

const Target = {
  /** One queue, or all queues of a role. */
  kind: TaskKind.optional(),
  role: z.enum(workerRoles as [WorkerRole, ...WorkerRole[]]).optional(),
};
const isOne = ({ kind, role }: { kind?: TaskKind; role?: WorkerRole }) => (kind === undefined) !== (role === undefined);
const oneOf = { path: ['kind'], message: 'name the kind or the role, one of the two' };

export const PauseQueuesInput = z.object({ ...Target, reason: z.string().trim().min(3).max(300) }).refine(isOne, oneOf);
export type PauseQueuesInput = z.input<typeof PauseQueuesInput>;
export const ResumeQueuesInput = z.object(Target).refine(isOne, oneOf);
export type ResumeQueuesInput = z.input<typeof ResumeQueuesInput>;

/** Workers start nothing of these queues any more, within a second or two; what runs goes on to its end. */
export async function pauseQueues({ ctx, input }: { ctx: Ctx; input: PauseQueuesInput }): Promise<KindPause[]> {
  authorise(ctx, 'queue.write');
  const { reason, ...target } = parseInput(PauseQueuesInput, input);
  const kinds = kindsOf(target);
  await ctx.deps.workers.pauseKinds(kinds, { reason, actor: actorName(ctx.actor) });
  await recordAudit(ctx, {
    action: 'queue.pause',
    subject: target.kind ?? target.role ?? '',
    detail: { kinds, reason },
  });
  return ctx.deps.workers.listPauses();
}

/** Queues that were not paused are no error. */
export async function resumeQueues({ ctx, input }: { ctx: Ctx; input: ResumeQueuesInput }): Promise<KindPause[]> {
  authorise(ctx, 'queue.write');
  const target = parseInput(ResumeQueuesInput, input);
  const kinds = kindsOf(target);
  await ctx.deps.workers.resumeKinds(kinds);
  await recordAudit(ctx, { action: 'queue.resume', subject: target.kind ?? target.role ?? '', detail: { kinds } });
  return ctx.deps.workers.listPauses();
}

function kindsOf({ kind, role }: { kind?: TaskKind; role?: WorkerRole }): TaskKind[] {
  return TaskKind.options.filter((one) => one === kind || jobCatalog[one].role === role);
}
