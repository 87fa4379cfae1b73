import { jobCatalog, newId, type TaskKind, type WorkerRole } from '@embedding-studio/contracts';
import type { CoreDeps, Ctx, JobResult, JobRun } from '@embedding-studio/core';
import type { HostedJob, JobHandler, JobHandlers } from '@embedding-studio/queue';

type JobVerb<K extends TaskKind> = (call: { ctx: Ctx; input: JobRun<K> }) => Promise<JobResult>;

/** Only the roles' own code is loaded: a worker without training never touches the trainer. */
const loaders: Record<WorkerRole, (deps: CoreDeps) => Promise<JobHandlers>> = {
  upsertion: async (deps) => {
    const { runUpsertion, runReindex } = await import('@embedding-studio/core/jobs/upsertion');
    return { upsertion: bind(deps, runUpsertion), reindex: bind(deps, runReindex) };
  },
  'fine-tuning': async (deps) => {
    const { runFineTuning } = await import('@embedding-studio/core/jobs/fine-tuning');
    return { fine_tuning: bind(deps, runFineTuning) };
  },
  inference: async (deps) => {
    const { runDeployment, runRetirement } = await import('@embedding-studio/core/jobs/inference');
    return { deployment: bind(deps, runDeployment), retirement: bind(deps, runRetirement) };
  },
  improvement: async (deps) => {
    const { runEvaluation, runRankingFit, runVerification, runSwitch } = await import(
      '@embedding-studio/core/jobs/improvement'
    );
    return {
      evaluation: bind(deps, runEvaluation),
      verification: bind(deps, runVerification),
      switch: bind(deps, runSwitch),
      ranking_fit: bind(deps, runRankingFit),
    };
  },
};

export async function loadHandlers(deps: CoreDeps, roles: readonly WorkerRole[]): Promise<JobHandlers> {
  const loaded = await Promise.all(roles.map((role) => loaders[role](deps)));
  return Object.assign({}, ...loaded);
}

function bind<K extends TaskKind>(deps: CoreDeps, verb: JobVerb<K>): JobHandler<K> {
  return (job: HostedJob<K>) => {
    const ctx: Ctx = {
      actor: { kind: 'system', job: `${jobCatalog[job.task.kind].role}/${job.task.kind}` },
      requestId: newId('request'),
      deps,
      signal: job.signal,
    };
    return verb({ ctx, input: job });
  };
}
