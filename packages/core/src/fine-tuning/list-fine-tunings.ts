import { type GateReport, type ModelRecord, TierReport, TrainingDataCard } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { type RunRow, showRun } from '../tracking/list-runs.ts';
import { findJob, JobIdInput, walkJobs } from './find-job.ts';
import { createJobView, type FineTuningJob, readGate } from './show-job.ts';
import { dataCardPath, tiersPath } from './training-run.ts';

export const ListFineTuningsInput = z.object({
  /** As `next` of the page before. */
  after: z
    .string()
    .regex(/^\d{1,7}$/)
    .nullable()
    .default(null),
  limit: z.number().int().min(1).max(100).default(50),
});
export type ListFineTuningsInput = z.input<typeof ListFineTuningsInput>;

/** Newest first. */
export async function listFineTunings({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListFineTuningsInput;
}): Promise<{ jobs: FineTuningJob[]; next: string | null }> {
  authorise(ctx, 'rollout.read');
  const { after, limit } = parseInput(ListFineTuningsInput, input);
  const show = createJobView(ctx);
  const jobs: FineTuningJob[] = [];
  for await (const { offset, ...job } of walkJobs(ctx, after === null ? 0 : Number(after))) {
    if (jobs.length === limit) return { jobs, next: String(offset) };
    jobs.push(await show(job));
  }
  return { jobs, next: null };
}

export interface FineTuningDetail extends FineTuningJob {
  run: RunRow | null;
  dataCard: TrainingDataCard | null;
  /** Of an automatic choice of tier; null: none, or not ended. */
  tiers: TierReport | null;
  gateReport: GateReport | null;
  parent: Pick<ModelRecord, 'id' | 'name' | 'status'> | null;
}

/** All about one job but its curves, its log and the gate's queries. */
export async function getFineTuning({ ctx, input }: { ctx: Ctx; input: JobIdInput }): Promise<FineTuningDetail> {
  authorise(ctx, 'rollout.read');
  const { jobId } = parseInput(JobIdInput, input);
  const found = await findJob(ctx, jobId);
  const job = await createJobView(ctx)(found);
  const [run] = job.runId === null ? [] : await ctx.deps.tracker.findRuns([job.runId]);
  const parent = await ctx.deps.models.getModel(job.baseModel.id).catch(() => null);
  return {
    ...job,
    run: run === undefined ? null : showRun(run),
    dataCard: await loadCard(ctx, job.runId),
    tiers: await loadTiers(ctx, job.runId),
    gateReport: readGate(found.rollout),
    parent: parent && { id: parent.id, name: parent.name, status: parent.status },
  };
}

async function loadCard(ctx: Ctx, runId: string | null): Promise<TrainingDataCard | null> {
  const bytes = runId === null ? null : await ctx.deps.tracker.findArtefact(runId, dataCardPath);
  if (bytes === null) return null;
  return TrainingDataCard.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}

async function loadTiers(ctx: Ctx, runId: string | null): Promise<TierReport | null> {
  const bytes = runId === null ? null : await ctx.deps.tracker.findArtefact(runId, tiersPath);
  if (bytes === null) return null;
  return TierReport.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}
