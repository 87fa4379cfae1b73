import {
  type Clock,
  type Rollout,
  type RolloutStore,
  rolloutTransitions,
  StudioError,
} from '@embedding-studio/contracts';

/** Rollout documents in this process. Passes the suite of the MongoDB store. */
export function createMemoryRolloutStore({ clock }: { clock: Clock }): RolloutStore {
  const rollouts = new Map<string, Rollout>();
  const get = (id: string): Rollout => {
    const rollout = rollouts.get(id);
    if (rollout !== undefined) return rollout;
    throw new StudioError('ROLLOUT_NOT_FOUND', `There is no rollout ${id}.`, { field: 'rolloutId' });
  };
  const put = (rollout: Rollout): Rollout => {
    rollouts.set(rollout.id, structuredClone(rollout));
    return structuredClone(rollout);
  };
  const newestFirst = () =>
    [...rollouts.values()].sort((left, right) => right.createdAt.getTime() - left.createdAt.getTime());
  return {
    async createRollout(rollout) {
      const known = rollouts.get(rollout.id);
      if (known !== undefined) return { rollout: structuredClone(known), created: false };
      const now = clock.now();
      return { rollout: put({ ...rollout, transitions: [], createdAt: now, updatedAt: now }), created: true };
    },
    getRollout: async (id) => structuredClone(get(id)),
    listRollouts: async ({ offset, limit, state }) =>
      structuredClone(
        newestFirst()
          .filter((rollout) => state === undefined || rollout.state === state)
          .slice(offset, offset + limit),
      ),
    findRolloutByCollection: async (collectionId) =>
      structuredClone(newestFirst().find((rollout) => rollout.collectionId === collectionId) ?? null),
    async advanceRollout({ id, from, to, actor, reason, change }) {
      const rollout = get(id);
      if (rollout.state === to) return structuredClone(rollout);
      if (rollout.state !== from || !rolloutTransitions[from].includes(to))
        throw new StudioError(
          'TRANSITION_ILLEGAL',
          `Rollout ${id} is ${rollout.state}: no move from ${from} to ${to}.`,
        );
      const at = clock.now();
      const transitions = [...rollout.transitions, { from, to, at, actor, reason }];
      return put({ ...rollout, ...change, id, state: to, transitions, updatedAt: at });
    },
    async updateRollout(id, state, change) {
      const rollout = get(id);
      if (rollout.state !== state)
        throw new StudioError('TRANSITION_ILLEGAL', `Rollout ${id} is ${rollout.state}, no longer ${state}.`);
      return put({ ...rollout, ...change, id, state, updatedAt: clock.now() });
    },
  };
}
