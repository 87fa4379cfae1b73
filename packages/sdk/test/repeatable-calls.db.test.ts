import type { TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mutationInputs } from '../../api/test/mutation-inputs.ts';
import { callMutation, fresh, startMutationWorld } from '../../api/test/mutation-world.ts';
import { repeatableMutations } from '../src/repeatable-calls.ts';

type Input = Record<string, unknown>;

let studio: TestStudio;
beforeAll(async () => {
  studio = await startMutationWorld();
});
afterAll(() => studio?.close());

/** What a second call may not add to. */
async function countAll() {
  const { tasks, rollouts, collections, apiKeys, sessions, items } = studio.deps;
  return {
    tasks: (await tasks.listTasks({ offset: 0, limit: 1_000 })).length,
    rollouts: (await rollouts.listRollouts({ offset: 0, limit: 1_000 })).length,
    collections: (await collections.listCollections({ after: null, limit: 1_000 })).length,
    keys: (await apiKeys.listApiKeys({ after: null, limit: 1_000 })).length,
    batches: (await sessions.listBatches({ offset: 0, limit: 1_000 })).length,
    sessions: (await sessions.listBatches({ offset: 0, limit: 1_000 })).reduce((sum, one) => sum + one.sessionCount, 0),
    items: await items.countItems(),
  };
}

/** The plain input, named where the client asks for a name. */
async function repeatable(path: string): Promise<Input> {
  const input = ((await mutationInputs[path]?.()) ?? {}) as Input;
  if (repeatableMutations[path]?.(input)) return input;
  const named = { ...input, id: fresh('named') };
  expect(repeatableMutations[path]?.(named)).toBe(true);
  return named;
}

describe('a call that the client repeats', () => {
  const paths = Object.keys(repeatableMutations).filter((path) => path !== 'rollout.requestInitialIndex');

  it.each(paths)('%s changes nothing when it comes a second time', async (path) => {
    expect(Object.keys(mutationInputs)).toContain(path);
    const input = await repeatable(path);
    await callMutation(path, { input, requestId: fresh('first') });
    const before = await countAll();
    await callMutation(path, { input, requestId: fresh('second') });
    expect(await countAll()).toEqual(before);
  });
});
