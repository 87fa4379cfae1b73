import type { GoldenPolicy, GoldenRun } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { readGoldenPolicy } from './golden-policy.ts';

export interface GoldenRuns {
  /** Newest first. */
  runs: GoldenRun[];
  policy: GoldenPolicy;
  alert: GoldenAlert | null;
  /** A run that waits or is under way. */
  isRunning: boolean;
}

export interface GoldenAlert {
  runId: string;
  at: Date;
  words: string;
}

const shown = 400;
const alertDays = 7;
const dayMs = 86_400_000;

/** How the live search did by the golden set over time, and when it is asked again. */
export async function getGoldenRuns({ ctx }: { ctx: Ctx }): Promise<GoldenRuns> {
  authorise(ctx, 'judgement.read');
  const runs = await ctx.deps.judgements.listGoldenRuns({ limit: shown });
  const { policy } = await readGoldenPolicy(ctx);
  const filter = { kinds: ['golden_evaluation' as const], statuses: ['pending' as const, 'processing' as const] };
  const open = await ctx.deps.taskSearch.findTasks({ filter, before: null, limit: 1 });
  return { runs, policy, alert: chooseAlert(runs, ctx.deps.clock.now()), isRunning: open.length > 0 };
}

export async function findGoldenAlert(ctx: Ctx): Promise<GoldenAlert | null> {
  return chooseAlert(await ctx.deps.judgements.listGoldenRuns({ limit: 30 }), ctx.deps.clock.now());
}

/** The newest fall of the last week, unless a later run is as good again as the one before the fall. */
export function chooseAlert(runs: readonly GoldenRun[], now: Date): GoldenAlert | null {
  const at = runs.findIndex(({ change }) => change?.isAlert === true);
  const run = runs[at];
  if (run === undefined || run.change === null || now.getTime() - run.at.getTime() > alertDays * dayMs) return null;
  const { ndcg10, change } = run;
  const level = (ndcg10 ?? 0) - change.mean;
  if (runs.slice(0, at).some((later) => later.ndcg10 !== null && later.ndcg10 >= level)) return null;
  const words =
    `The golden set fell by ${Math.abs(change.mean).toFixed(3)} nDCG@10 (95 % interval ${fix(change.lo)} to ${fix(change.hi)}) ` +
    `on ${change.queries} queries.`;
  return { runId: run.id, at: run.at, words };
}

const fix = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
