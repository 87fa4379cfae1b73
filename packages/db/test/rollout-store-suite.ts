import type { Rollout, RolloutState, RolloutStore } from '@embedding-studio/contracts';
import { rolloutTransitions } from '@embedding-studio/contracts';
import { beforeEach, describe, expect, it } from 'vitest';

type NewRollout = Omit<Rollout, 'createdAt' | 'updatedAt' | 'transitions'>;
const states = Object.keys(rolloutTransitions) as RolloutState[];
let serial = 0;

function makeRollout(change: Partial<NewRollout> = {}): NewRollout {
  const fields = { baseModelId: 'mdl_1', modelId: null, sourceCollectionId: null, collectionId: null, batchId: null };
  const open = { isInitial: false, gate: null, verification: null };
  return { id: `rol_${serial++}`, state: 'requested', ...fields, ...open, ...change };
}

/** What every RolloutStore guarantees. */
export function testRolloutStore(makeStore: () => Promise<RolloutStore>): void {
  describe('rollout store', () => {
    let store: RolloutStore;
    beforeEach(async () => {
      store = await makeStore();
    });
    const move = (id: string, step: [RolloutState, RolloutState], change?: Partial<Rollout>) =>
      store.advanceRollout({ id, from: step[0], to: step[1], actor: 'system:test', reason: 'because', change });

    it('creates once per id', async () => {
      const wanted = makeRollout();
      const first = await store.createRollout(wanted);
      expect(first).toMatchObject({ created: true, rollout: { ...wanted, transitions: [] } });
      const again = await store.createRollout({ ...wanted, baseModelId: 'other' });
      expect(again).toEqual({ created: false, rollout: first.rollout });
      expect(await store.getRollout(wanted.id)).toEqual(first.rollout);
    });

    it('moves along the transition table only', async () => {
      for (const from of states)
        for (const to of states) {
          const { rollout } = await store.createRollout(makeRollout({ state: from }));
          const outcome = await move(rollout.id, [from, to]).then(
            (moved) => moved.state,
            (error: { code: string }) => error.code,
          );
          expect([from, to, outcome]).toEqual([
            from,
            to,
            rolloutTransitions[from].includes(to) ? to : 'TRANSITION_ILLEGAL',
          ]);
        }
    });

    it('records who moved it, when and why, and keeps the fields of the change', async () => {
      const { rollout } = await store.createRollout(makeRollout());
      const gate = { 'delta.mean': { $gt: 1 }, reasons: [] };
      const moved = await move(rollout.id, ['requested', 'trained'], {
        modelId: 'mdl_2',
        gate,
        id: 'stolen',
        state: 'live',
      });
      expect(moved).toMatchObject({ id: rollout.id, state: 'trained', modelId: 'mdl_2', gate });
      expect(moved.transitions).toMatchObject([
        { from: 'requested', to: 'trained', actor: 'system:test', reason: 'because' },
      ]);
      expect(moved.transitions[0]?.at).toBeInstanceOf(Date);
    });

    it('gives a duplicate delivery the rollout unchanged, and lets one of many parallel moves through', async () => {
      const { rollout } = await store.createRollout(makeRollout());
      const moved = await Promise.all(Array.from({ length: 10 }, () => move(rollout.id, ['requested', 'trained'])));
      for (const each of moved) expect(each).toEqual(moved[0]);
      expect((await store.getRollout(rollout.id)).transitions).toHaveLength(1);
    });

    it('refuses a move from a state that it has left', async () => {
      const { rollout } = await store.createRollout(makeRollout());
      await move(rollout.id, ['requested', 'failed']);
      await expect(move(rollout.id, ['requested', 'trained'])).rejects.toMatchObject({ code: 'TRANSITION_ILLEGAL' });
    });

    it('fills fields while the state is still the expected one', async () => {
      const { rollout } = await store.createRollout(makeRollout());
      const changed = await store.updateRollout(rollout.id, 'requested', { collectionId: 'col_1' });
      expect(changed).toMatchObject({ state: 'requested', collectionId: 'col_1' });
      expect(await store.findRolloutByCollection('col_1')).toEqual(changed);
      await expect(store.updateRollout(rollout.id, 'live', { collectionId: 'col_2' })).rejects.toMatchObject({
        code: 'TRANSITION_ILLEGAL',
      });
      expect(await store.findRolloutByCollection('col_2')).toBeNull();
    });

    it('lists by state, and says ROLLOUT_NOT_FOUND', async () => {
      const { rollout } = await store.createRollout(makeRollout());
      await store.createRollout(makeRollout({ state: 'live' }));
      expect((await store.listRollouts({ offset: 0, limit: 9, state: 'requested' })).map((each) => each.id)).toEqual([
        rollout.id,
      ]);
      expect(await store.listRollouts({ offset: 0, limit: 9 })).toHaveLength(2);
      await expect(store.getRollout('rol_none')).rejects.toMatchObject({ code: 'ROLLOUT_NOT_FOUND' });
      await expect(move('rol_none', ['requested', 'trained'])).rejects.toMatchObject({ code: 'ROLLOUT_NOT_FOUND' });
    });
  });
}
