import type { MetricPoint, Tracker } from '@embedding-studio/contracts';
import { createSeededRandom } from '@embedding-studio/stats';

export interface SeedOptions {
  experiment: string;
  runs: number;
  steps: number;
  seed: number;
  /** Of the first point of every run; a tracker starts runs now. */
  startedAt: Date;
}

const losses = ['contrastive', 'margin'] as const;
const stepMs = 1_000;
const runsAtOnce = 25;

/** Made-up runs with believable curves, written through the port: params decide how well a run learns. */
export async function seedRuns(
  tracker: Tracker,
  options: SeedOptions,
): Promise<{ experimentId: string; runIds: string[] }> {
  const experimentId = await tracker.createExperiment(options.experiment);
  const random = createSeededRandom(options.seed);
  const plans = Array.from({ length: options.runs }, (_, index) => drawPlan(index, random.next));
  const runIds: string[] = [];
  for (const { name, params } of plans) runIds.push(await tracker.createRun({ experimentId, name, params }));
  for (let first = 0; first < runIds.length; first += runsAtOnce)
    await Promise.all(
      runIds.slice(first, first + runsAtOnce).map(async (runId, offset) => {
        const plan = plans[first + offset];
        if (plan === undefined) return;
        await tracker.logMetrics(runId, drawCurves(plan, { ...options, next: random.next }));
        await tracker.endRun(runId, plan.quality < 0.05 ? 'FAILED' : 'FINISHED');
      }),
    );
  return { experimentId, runIds };
}

interface Plan {
  name: string;
  params: Record<string, string>;
  /** From 0, learns nothing, to 1. */
  quality: number;
}

function drawPlan(index: number, next: () => number): Plan {
  const exponent = -5 + 3 * next();
  const kind = losses[index % losses.length] ?? 'margin';
  const layers = 1 + Math.floor(next() * 6);
  const batchQueries = 2 ** (4 + Math.floor(next() * 4));
  // Best near 10^-3.7; far from it nothing is learned or what was learned is lost.
  const quality = Math.max(0, 1 - Math.abs(exponent + 3.7) / 1.4) * (0.7 + 0.05 * layers);
  return {
    name: `sweep-${String(index + 1).padStart(3, '0')}`,
    quality,
    params: {
      learningRate: (10 ** exponent).toPrecision(3),
      'loss.kind': kind,
      'loss.temperature': (0.02 + 0.08 * next()).toFixed(3),
      'trainable.layers': String(layers),
      batchQueries: String(batchQueries),
      seed: String(1 + (index % 5)),
      maxTokens: '48',
    },
  };
}

function drawCurves({ quality }: Plan, options: SeedOptions & { next: () => number }): MetricPoint[] {
  const { steps, next } = options;
  const start = options.startedAt.getTime();
  return Array.from({ length: steps }, (_, at) => {
    const step = at + 1;
    const learned = 1 - Math.exp((-4 * step) / steps);
    const timestamp = new Date(start + step * stepMs);
    const loss = 1.6 - quality * learned + 0.12 * (next() - 0.5) + (next() < 0.004 ? 2 : 0);
    const points: MetricPoint[] = [{ key: 'loss', value: loss, step, timestamp }];
    if (step % 10 === 0 || step === steps)
      points.push({
        key: 'validation.ndcg10',
        value: Math.min(1, 0.42 + 0.4 * quality * learned + 0.02 * (next() - 0.5)),
        step,
        timestamp,
      });
    return points;
  }).flat();
}
