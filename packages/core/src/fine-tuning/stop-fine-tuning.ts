import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { cancelRollout } from '../rollout/cancel-rollout.ts';
import { cancelTask } from '../task/cancel-task.ts';
import { restartTask } from '../task/restart-task.ts';
import { findJob, JobIdInput } from './find-job.ts';
import { createJobView, type FineTuningJob } from './show-job.ts';

/** Ends training after the step it is at and keeps the checkpoint; users notice nothing. Undone by resuming. */
export async function stopFineTuning({ ctx, input }: { ctx: Ctx; input: JobIdInput }): Promise<FineTuningJob> {
  authorise(ctx, 'rollout.write');
  const { jobId } = parseInput(JobIdInput, input);
  const { task, rollout } = await findJob(ctx, jobId);
  if (rollout === null) await cancelTask({ ctx, input: { taskId: task.id } });
  else await cancelRollout({ ctx, input: { rolloutId: rollout.id } });
  await recordAudit(ctx, { action: 'fine-tuning.stop', subject: jobId });
  return createJobView(ctx)(await findJob(ctx, jobId));
}

/** Goes on from the newest checkpoint of what was stopped or has failed. */
export async function resumeFineTuning({ ctx, input }: { ctx: Ctx; input: JobIdInput }): Promise<FineTuningJob> {
  authorise(ctx, 'rollout.write');
  const { jobId } = parseInput(JobIdInput, input);
  const { task } = await findJob(ctx, jobId);
  await restartTask({ ctx, input: { taskId: task.id } });
  await recordAudit(ctx, { action: 'fine-tuning.resume', subject: jobId });
  return createJobView(ctx)(await findJob(ctx, jobId));
}
