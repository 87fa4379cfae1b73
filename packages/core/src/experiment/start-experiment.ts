import { type ArmTreatment, type Experiment, layerBuckets, StudioError } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { resolveLive } from '../search/resolve-live.ts';
import { changeExperiment, ExperimentIdInput, requireMove } from './change-experiment.ts';
import { trafficOf } from './check-definition.ts';

/** Fixes what each arm answers from and which units are its own; from the next second on searches take part. */
export async function startExperiment({ ctx, input }: { ctx: Ctx; input: ExperimentIdInput }): Promise<Experiment> {
  authorise(ctx, 'experiment.write');
  const { experimentId } = parseInput(ExperimentIdInput, input);
  const experiment = await ctx.deps.experiments.getExperiment(experimentId);
  if (experiment.state === 'running') return experiment;
  requireMove(experiment, 'running');
  const { definition } = experiment;
  const running = await ctx.deps.experiments.listRunning();
  refuseConflict(experiment, running);
  const now = ctx.deps.clock.now();
  const step = definition.kind === 'canary' ? 0 : null;
  const traffic = step === null ? definition.traffic : trafficOf(definition.canary?.steps[0] ?? 0);
  return changeExperiment(ctx, {
    experiment,
    change: {
      ...{ state: 'running', startedAt: now, stepAt: now, step },
      definition: { ...definition, traffic },
      buckets: findBuckets(experiment, running),
      collections: await resolveCollections(ctx, experiment),
    },
    kind: 'started',
    words: `Started on layer ${definition.layer}.`,
  });
}

async function resolveCollections(ctx: Ctx, { definition }: Experiment): Promise<Record<string, string>> {
  const { collection: live } = await resolveLive(ctx);
  const named: Record<string, string> = {};
  for (const [at, { name, treatment }] of definition.arms.entries()) {
    const id = treatment.collectionId ?? live.id;
    const collection = id === live.id ? live : await ctx.deps.collections.getCollection(id);
    if (collection.status !== 'ready' && id !== live.id)
      throw new StudioError(
        'INPUT_INVALID',
        `arms.${at}.treatment.collectionId: ${id} is ${collection.status}, not ready.`,
        {
          field: `arms.${at}.treatment.collectionId`,
        },
      );
    named[name] = id;
  }
  return named;
}

/** The first free stretch of the layer that is long enough. */
export function findBuckets(
  { definition }: Pick<Experiment, 'definition'>,
  running: readonly Pick<Experiment, 'definition' | 'buckets'>[],
): { from: number; to: number } {
  const wanted = Math.max(1, Math.round(definition.layerShare * layerBuckets));
  const taken = running
    .flatMap((other) => (other.definition.layer === definition.layer && other.buckets !== null ? [other.buckets] : []))
    .sort((left, right) => left.from - right.from);
  let from = 0;
  for (const { from: start, to } of taken) {
    if (start - from >= wanted) break;
    from = Math.max(from, to);
  }
  if (from + wanted <= layerBuckets) return { from, to: from + wanted };
  throw new StudioError('TASK_CONFLICT', `Layer ${definition.layer} has no stretch of ${wanted} buckets left.`, {
    publicMessage: `Layer ${definition.layer} is taken by other experiments; keep less of it (layerShare), end one of them, or use another layer.`,
    field: 'layerShare',
  });
}

/** Experiments of two layers meet in one search: they may not decide the same thing about it. */
function refuseConflict({ id, definition }: Experiment, running: readonly Experiment[]): void {
  const own = decidedBy(definition.arms);
  for (const other of running) {
    if (other.id === id || other.definition.layer === definition.layer) continue;
    const theirs = decidedBy(other.definition.arms);
    const both = [...own].find((name) => theirs.has(name));
    if (both === undefined) continue;
    throw new StudioError('TASK_CONFLICT', `${other.id} decides ${both} as well.`, {
      publicMessage: `"${other.definition.name}" on layer ${other.definition.layer} decides ${both} as well; put both on one layer.`,
      field: 'layer',
    });
  }
}

function decidedBy(arms: readonly { treatment: ArmTreatment }[]): Set<string> {
  return new Set(arms.flatMap(({ treatment }) => Object.keys(treatment)));
}
