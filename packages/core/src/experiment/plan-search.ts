import { type ArmTreatment, type Experiment, newId, type SessionExperiment } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import type { ParsedSearch } from '../search/search-input.ts';
import { assignArm, isHeldOut, isTargeted } from './assign-arm.ts';
import { type Running, recallRunning } from './running-experiments.ts';
import { unitKey } from './unit-key.ts';

/** An arm's treatment with all that other experiments of the same search want. */
export type Treatment = ArmTreatment & { collectionId: string };

export interface SearchPlan {
  /** Known before the search where one is stored, so that it can be assigned by it. */
  sessionId?: string;
  /** What the session will say. */
  parts: SessionExperiment[];
  /** Of the list that is shown; null: the live search as it is. */
  treatment: Treatment | null;
  contest: { experiment: Experiment; unit: string; first: Treatment; second: Treatment } | null;
  shadow: { experiment: Experiment; treatment: Treatment } | null;
  running: Running;
}

export const holdoutName = 'holdout';
const partsMax = 5;

/** What the running experiments make of this search; asks no store but, once a second, for what runs. */
export async function planSearch(ctx: Ctx, search: ParsedSearch): Promise<SearchPlan> {
  const sessionId = search.sessionId ?? (search.createSession ? newId('session') : undefined);
  const running = await recallRunning(ctx);
  const plan: SearchPlan = { sessionId, parts: [], treatment: null, contest: null, shadow: null, running };
  const isPlain = search.experiments && search.legs === 'fused' && search.sortBy === undefined;
  if (!isPlain) return plan;
  const { userId } = search;
  if (userId !== undefined && running.holdoutShare > 0 && isHeldOut(userId, running.holdoutShare)) {
    plan.parts.push({ experimentId: holdoutName, arm: holdoutName, unit: unitKey(holdoutName, userId) });
    return plan;
  }
  for (const experiment of running.experiments) {
    const unit = findUnit(ctx, { experiment, userId, sessionId });
    if (unit === null || plan.parts.length >= partsMax) continue;
    if (!isTargeted(experiment.definition.targeting, search.attributes)) continue;
    const arm = assignArm(experiment, unit);
    if (arm !== null) takePart(plan, { experiment, arm, unit });
  }
  return mergeContest(plan);
}

function findUnit(
  ctx: Ctx,
  { experiment, userId, sessionId }: { experiment: Experiment; userId?: string; sessionId?: string },
): string | null {
  switch (experiment.definition.unit) {
    case 'user':
      return userId ?? null;
    case 'session':
      return sessionId ?? null;
    case 'key':
      return ctx.actor.kind === 'apiKey' ? ctx.actor.keyId : null;
  }
}

function takePart(plan: SearchPlan, { experiment, arm, unit }: { experiment: Experiment; arm: string; unit: string }) {
  const { id: experimentId, salt, definition } = experiment;
  const [first, second] = definition.arms;
  const key = unitKey(salt, unit);
  if (first === undefined || second === undefined) return;
  if (definition.kind === 'interleaving') {
    if (plan.contest !== null) return;
    plan.parts.push({ experimentId, arm: 'interleaved', unit: key });
    plan.contest = {
      ...{ experiment, unit: key },
      first: treatmentOf(experiment, first.name),
      second: treatmentOf(experiment, second.name),
    };
  } else if (definition.kind === 'shadow') {
    if (plan.shadow !== null) return;
    plan.parts.push({ experimentId, arm: first.name, unit: key });
    plan.shadow = { experiment, treatment: treatmentOf(experiment, second.name) };
  } else {
    plan.parts.push({ experimentId, arm, unit: key });
    plan.treatment = { ...plan.treatment, ...treatmentOf(experiment, arm) };
  }
}

function treatmentOf({ definition, collections }: Experiment, arm: string): Treatment {
  const treatment = definition.arms.find(({ name }) => name === arm)?.treatment ?? {};
  return { ...treatment, collectionId: collections[arm] ?? '' };
}

/** What other experiments decide of this search holds for both sides. */
function mergeContest(plan: SearchPlan): SearchPlan {
  const { treatment, contest, shadow } = plan;
  if (treatment === null) return plan;
  return {
    ...plan,
    contest: contest && {
      ...contest,
      first: { ...treatment, ...contest.first },
      second: { ...treatment, ...contest.second },
    },
    shadow: shadow && { ...shadow, treatment: { ...treatment, ...shadow.treatment } },
  };
}
