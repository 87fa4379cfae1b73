import type { TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appRouter } from '../src/index.ts';
import { mutationInputs } from './mutation-inputs.ts';
import { callMutation, fresh, startMutationWorld } from './mutation-world.ts';

let studio: TestStudio;
beforeAll(async () => {
  studio = await startMutationWorld();
});
afterAll(() => studio?.close());

const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>);
/** They change nothing: they are mutations because secrets in their input must not stand in an address. */
const questions = ['dataSource.testDataSource', 'dataSource.previewDataSource', 'plugin.tryPlugin'];
const mutations = procedures
  .filter(([path, { _def }]) => _def.type === 'mutation' && !questions.includes(path))
  .map(([path]) => path);

describe('every mutation', () => {
  it('has a case here', () => {
    expect(Object.keys(mutationInputs).sort()).toEqual([...mutations].sort());
  });

  it.each(mutations)('%s leaves an audit row of its request', async (path) => {
    const input = await mutationInputs[path]?.();
    const requestId = fresh('audited');
    await callMutation(path, { input, requestId });
    const rows = await studio.deps.audit.listAudit({ beforeId: null, limit: 20 });
    const own = rows.filter(({ detail }) => detail.requestId === requestId);
    expect(own.length, path).toBeGreaterThan(0);
    expect(own[0]).toMatchObject({ actor: 'system:test', action: expect.stringMatching(/^[a-z-]+\.[a-zA-Z-]+$/) });
  });
});
