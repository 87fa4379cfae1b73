import {
  type GateReport,
  GateReport as GateReportSchema,
  type Rollout,
  type RolloutState,
  type TaskProgress,
  type TaskStatus,
} from '@embedding-studio/contracts';
import { z } from 'zod';
import type { Ctx } from '../context.ts';
import type { FineTuningTask, FoundJob } from './find-job.ts';

export interface FineTuningJob {
  /** Of the rollout, or of the task where nothing is rolled out. */
  jobId: string;
  taskId: string;
  rolloutId: string | null;
  status: TaskStatus;
  /** null where nothing is rolled out. */
  rolloutState: RolloutState | null;
  transitions: { from: RolloutState; to: RolloutState; at: Date; reason: string }[];
  method: string;
  settings: Record<string, unknown>;
  baseModel: { id: string; name: string };
  /** The trained one; null until there is one. */
  model: { id: string; name: string } | null;
  batchId: string | null;
  progress: TaskProgress | null;
  error: { code: string; message: string } | null;
  /** Of the tracker; null until training has begun. */
  runId: string | null;
  gate: Pick<GateReport, 'decision' | 'delta' | 'wins' | 'ties' | 'losses' | 'queries'> | null;
  createdAt: Date;
  updatedAt: Date;
}

const RunMark = z.object({ runId: z.string() });
const reasonMax = 300;

/** The same as a list shows it; model names are looked up once per call of the maker. */
export function createJobView(ctx: Ctx): (job: FoundJob) => Promise<FineTuningJob> {
  const names = new Map<string, Promise<string>>();
  const nameOf = (modelId: string): Promise<string> => {
    const known =
      names.get(modelId) ??
      ctx.deps.models.getModel(modelId).then(
        ({ name }) => name,
        () => modelId,
      );
    names.set(modelId, known);
    return known;
  };
  return async ({ jobId, task, rollout }) => {
    const { baseModelId, batchId, method, settings } = task.input;
    const modelId = rollout?.modelId ?? readModelId(task);
    return {
      ...{ jobId, taskId: task.id, rolloutId: rollout?.id ?? null, status: task.status, method, settings, batchId },
      rolloutState: rollout?.state ?? null,
      transitions: (rollout?.transitions ?? []).map(({ from, to, at, reason }) => ({
        ...{ from, to, at },
        reason: reason.slice(0, reasonMax),
      })),
      baseModel: { id: baseModelId, name: await nameOf(baseModelId) },
      model: modelId === null ? null : { id: modelId, name: await nameOf(modelId) },
      progress: task.progress,
      error: task.error,
      runId: readRunId(task),
      gate: summariseGate(rollout),
      createdAt: task.createdAt,
      updatedAt: rollout !== null && rollout.updatedAt > task.updatedAt ? rollout.updatedAt : task.updatedAt,
    };
  };
}

export function readRunId(task: FineTuningTask): string | null {
  const mark = RunMark.safeParse(task.checkpoint ?? task.result);
  return mark.success ? mark.data.runId : null;
}

export function readGate(rollout: Rollout | null): GateReport | null {
  const report = GateReportSchema.safeParse(rollout?.gate);
  return report.success ? report.data : null;
}

function summariseGate(rollout: Rollout | null): FineTuningJob['gate'] {
  const report = readGate(rollout);
  if (report === null) return null;
  const { decision, delta, wins, ties, losses, queries } = report;
  return { decision, delta, wins, ties, losses, queries };
}

function readModelId({ result }: FineTuningTask): string | null {
  const made = z.object({ modelId: z.string() }).safeParse(result);
  return made.success ? made.data.modelId : null;
}
