import {
  type AnyTask,
  jobCatalog,
  newId,
  type TaskKind,
  toStudioError,
  type WorkerRole,
} from '@embedding-studio/contracts';
import type { CoreDeps, Ctx } from '../context.ts';
import type { JobResult, JobRun } from '../job-run.ts';
import { logIdOf, openTaskLog } from './task-log.ts';

type JobVerb<K extends TaskKind> = (call: { ctx: Ctx; input: JobRun<K> }) => Promise<JobResult>;
export type BoundJob<K extends TaskKind> = (job: JobRun<K> & { signal: AbortSignal }) => Promise<JobResult>;
export type BoundJobs = { [K in TaskKind]?: BoundJob<K> };

/** Only the roles' own code is loaded: a worker without training never touches the trainer. */
const loaders: Record<WorkerRole, (deps: CoreDeps) => Promise<BoundJobs>> = {
  upsertion: async (deps) => {
    const { runUpsertion } = await import('../item/run-upsertion.ts');
    const { runDeletion } = await import('../item/run-deletion.ts');
    const { runSync } = await import('../data-source/run-sync.ts');
    const { runReindex } = await import('../rollout/run-reindex.ts');
    return {
      upsertion: bind(deps, runUpsertion),
      deletion: bind(deps, runDeletion),
      data_source_sync: bind(deps, runSync),
      reindex: bind(deps, runReindex),
    };
  },
  'fine-tuning': async (deps) => {
    const { runFineTuning } = await import('../fine-tuning/run-fine-tuning.ts');
    return { fine_tuning: bind(deps, runFineTuning) };
  },
  inference: async (deps) => {
    const { runDeployment } = await import('../rollout/run-deployment.ts');
    const { runRetirement } = await import('../rollout/run-retirement.ts');
    const { runModelDeletion, runModelDeployment } = await import('../model/run-model-serving.ts');
    return {
      deployment: bind(deps, runDeployment),
      retirement: bind(deps, runRetirement),
      model_deployment: bind(deps, runModelDeployment),
      model_deletion: bind(deps, runModelDeletion),
    };
  },
  improvement: async (deps) => {
    const { runEvaluation } = await import('../rollout/run-evaluation.ts');
    const { runImprovement } = await import('../improvement/run-improvement.ts');
    const { runRankingFit } = await import('../ranking/run-ranking-fit.ts');
    const { runVerification } = await import('../rollout/run-verification.ts');
    const { runSwitch } = await import('../rollout/run-switch.ts');
    const { runSuggestionLearning } = await import('../suggestion/run-learning.ts');
    const { runCategoryFit } = await import('../category/run-category-fit.ts');
    const { runRetention } = await import('../retention/run-retention.ts');
    const { runBulk } = await import('../task/run-bulk.ts');
    const { runGoldenEvaluation } = await import('../golden/run-golden-evaluation.ts');
    const { runProjection } = await import('../projection/run-projection.ts');
    return {
      golden_evaluation: bind(deps, runGoldenEvaluation),
      projection: bind(deps, runProjection),
      task_bulk: bind(deps, runBulk),
      suggestion_learning: bind(deps, runSuggestionLearning),
      category_fit: bind(deps, runCategoryFit),
      evaluation: bind(deps, runEvaluation),
      verification: bind(deps, runVerification),
      switch: bind(deps, runSwitch),
      ranking_fit: bind(deps, runRankingFit),
      improvement: bind(deps, runImprovement),
      retention: bind(deps, runRetention),
    };
  },
};

/** The job verbs of the roles, each run by a system actor that names its job. */
export async function loadHandlers(deps: CoreDeps, roles: readonly WorkerRole[]): Promise<BoundJobs> {
  const loaded = await Promise.all(roles.map((role) => loaders[role](deps)));
  return Object.assign({}, ...loaded);
}

function bind<K extends TaskKind>(deps: CoreDeps, verb: JobVerb<K>): BoundJob<K> {
  return async (job) => {
    const task = job.task as AnyTask;
    const name = `${jobCatalog[task.kind].role}/${task.kind}`;
    const own = openTaskLog(deps, logIdOf(task));
    const ctx: Ctx = {
      ...{ actor: { kind: 'system', job: name }, requestId: newId('request'), signal: job.signal },
      deps: { ...deps, log: own.log },
    };
    own.say('info', `Attempt ${task.attempt} of ${task.kind} begins.`);
    try {
      const done = await verb({ ctx, input: job });
      own.say('info', `Attempt ${task.attempt} is done.`);
      return done;
    } catch (error) {
      const { code, message } = toStudioError(error);
      own.say('error', `Attempt ${task.attempt} ends: ${code} ${message}`);
      throw error;
    } finally {
      await own.close();
    }
  };
}
