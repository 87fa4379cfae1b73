import type { Rollout, RolloutState, TaskKind } from '@embedding-studio/contracts';

/** The same for every delivery, another for every time the rollout enters the state: retried steps get new tasks. */
export function stepKey(rollout: Rollout, kind: TaskKind): string {
  const entries = countEntries(rollout, rollout.state);
  return `${rollout.id}:${kind}:${entries}`;
}

function countEntries(rollout: Rollout, state: RolloutState): number {
  return rollout.transitions.filter((transition) => transition.to === state).length;
}
