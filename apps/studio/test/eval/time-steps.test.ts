import type { Rollout, RolloutState } from '@embedding-studio/contracts';
import { describe, expect, it } from 'vitest';
import { requireLive, timeSteps } from '../../src/eval/await-rollout.ts';

function rolloutOf(states: readonly [RolloutState, number][]): Rollout {
  const transitions = states.map(([to, second], index) => ({
    from: states[index - 1]?.[0] ?? ('requested' as const),
    to,
    at: new Date(second * 1000),
    actor: 'system',
    reason: `now ${to}`,
  }));
  const nothing = { baseModelId: null, modelId: null, sourceCollectionId: null, collectionId: null, batchId: null };
  return {
    ...nothing,
    id: 'rol_1',
    state: states.at(-1)?.[0] ?? 'requested',
    isInitial: false,
    gate: null,
    verification: null,
    transitions,
    createdAt: new Date(0),
    updatedAt: new Date(0),
  };
}

describe('timeSteps', () => {
  it('counts the seconds of each step', () => {
    const rollout = rolloutOf([
      ['trained', 60],
      ['gated', 70],
      ['deployed', 71],
      ['indexing', 90],
      ['verified', 95],
      ['live', 95.5],
    ]);
    expect(timeSteps(rollout)).toEqual({ fine_tune: 60, gate: 10, deploy: 1, reindex: 19, verify: 5, switch: 0.5 });
  });

  it('counts the gate also where it says no', () => {
    expect(
      timeSteps(
        rolloutOf([
          ['trained', 60],
          ['rejected', 75],
        ]),
      ),
    ).toEqual({ fine_tune: 60, gate: 15 });
  });
});

describe('requireLive', () => {
  it('passes on why a rollout ended elsewhere', () => {
    expect(() => requireLive(rolloutOf([['failed', 3]]))).toThrow('The rollout ended failed: now failed');
  });
});
