import type {
  MetricPoint,
  TierName,
  TierRow,
  TrainingProgress,
  TrainingSettings,
  ValidationPoint,
} from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { paramsOf } from '../fine-tuning/training-words.ts';

interface Heard {
  onProgress(progress: TrainingProgress): void;
  onValidation(point: ValidationPoint): void;
}

export interface TierRun {
  runId: string;
  track: Heard;
  /** Hears what the other hears too. */
  beside(other: Heard): Heard;
  finish(row: TierRow): Promise<void>;
  end(status: 'FAILED' | 'KILLED', why: string): Promise<void>;
}

/** A run of its own below the run of the choice; its curve is written when it has ended. */
export async function openTierRun(
  ctx: Ctx,
  of: { experimentId: string; parentRunId: string; jobId: string; tier: TierName; settings: TrainingSettings },
): Promise<TierRun> {
  const { tracker, clock } = ctx.deps;
  const { experimentId, parentRunId, jobId, tier, settings } = of;
  const params = paramsOf({ tier, ...settings });
  const runId = await tracker.createRun({ experimentId, parentRunId, name: `${jobId} ${tier}`, params });
  const points: MetricPoint[] = [];
  const hear = (key: string, value: number, step: number) => points.push({ key, value, step, timestamp: clock.now() });
  const track: Heard = {
    onProgress: ({ loss, step }) => hear('loss', loss, step),
    onValidation: ({ ndcg10, step }) => hear('validation.ndcg10', ndcg10, step),
  };
  return {
    ...{ runId, track },
    beside: (other) => ({
      onProgress: (progress) => {
        track.onProgress(progress);
        other.onProgress(progress);
      },
      onValidation: (point) => {
        track.onValidation(point);
        other.onValidation(point);
      },
    }),
    finish: async ({ ndcg10, unseenNdcg10, seconds }) => {
      if (ndcg10 !== null) hear('tier.ndcg10', ndcg10, 0);
      if (unseenNdcg10 !== null) hear('tier.unseenNdcg10', unseenNdcg10, 0);
      hear('tier.seconds', seconds, 0);
      await tracker.logMetrics(runId, points);
      await tracker.endRun(runId, 'FINISHED');
    },
    end: async (status, why) => {
      await tracker.logMetrics(runId, points);
      await tracker.setRunTag(runId, { key: 'studio.error', value: why.slice(0, 500) });
      await tracker.endRun(runId, status);
    },
  };
}
