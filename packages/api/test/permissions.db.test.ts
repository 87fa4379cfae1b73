import { type Actor, isStudioError, Role } from '@embedding-studio/contracts';
import { isAllowed } from '@embedding-studio/core';
import { startTestStudio, type TestStudio } from '@embedding-studio/testing/studio';
import { TRPCError } from '@trpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appRouter, createCaller } from '../src/index.ts';
import { permissionOf } from './permission-of-procedures.ts';
import { sampleInput } from './sample-input.ts';

let studio: TestStudio;
beforeAll(async () => {
  studio = await startTestStudio();
});
afterAll(() => studio?.close());

interface Procedure {
  _def: { inputs: unknown[] };
}
type Callable = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;

const procedures = appRouter._def.procedures as unknown as Record<string, Procedure>;
const collection = { collectionId: 'col_x' };
/** Where one of several fields has to be given, which a schema does not say. */
const inputs: Record<string, unknown> = {
  'queue.pauseQueues': { kind: 'deletion', reason: 'for the test' },
  'queue.resumeQueues': { kind: 'deletion' },
  'dataSource.testDataSource': { loader: 'folder', config: {} },
  'dataSource.previewDataSource': { loader: 'folder', config: {} },
  'model.getLineage': { modelId: 'mdl_x' },
  'collection.getCollection': collection,
  'collection.buildCollectionIndex': collection,
  'collection.deleteCollection': collection,
  'collection.setLive': collection,
  'collection.getCollectionState': collection,
  'playground.compareSearches': { query: 'q', settings: [{}, {}] },
  'user.changeUser': { id: 'usr_x', isDisabled: true },
  'user.inviteUser': { email: 'a@example.org', role: 'viewer' },
};

const isStream = (answer: unknown): answer is AsyncIterable<unknown> =>
  typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;

/** The permission that the caller is told it lacks, or what else it is told; null where it is answered. */
async function refusalOf(actor: Actor, path: string): Promise<string | null> {
  const [noun = '', verb = ''] = path.split('.');
  const caller = createCaller({ ...studio.ctx, actor }) as unknown as Callable;
  const input = inputs[path] ?? sampleInput(procedures[path]?._def.inputs ?? []);
  try {
    const answer = await caller[noun]?.[verb]?.(input);
    if (isStream(answer)) await answer[Symbol.asyncIterator]().next();
    return null;
  } catch (error) {
    const cause = error instanceof TRPCError ? error.cause : error;
    if (!isStudioError(cause) || cause.code !== 'FORBIDDEN') return String(cause);
    return /permission ([a-z.]+);/i.exec(cause.publicMessage)?.[1] ?? cause.publicMessage;
  }
}

/** Answers everybody: it says that the gateway is there. */
const open = 'system.ping';
const guarded = Object.entries(permissionOf);

describe('every procedure', () => {
  it('has a row in the table of permissions', () => {
    expect([open, ...Object.keys(permissionOf)].sort()).toEqual(Object.keys(procedures).sort());
  });

  it('refuses a key without scopes before it reads or changes anything, and names the permission', async () => {
    const nobody: Actor = { kind: 'apiKey', keyId: 'k', scopes: [] };
    const said: Record<string, string | null> = {};
    for (const [path] of guarded) said[path] = await refusalOf(nobody, path);
    expect(said).toEqual(permissionOf);
  });

  it.each(Role.options)('refuses a %s what its role lacks', async (role) => {
    const user: Actor = { kind: 'user', userId: 'usr_x', role };
    for (const [path, permission] of guarded)
      if (!isAllowed(user, permission)) expect([path, await refusalOf(user, path)]).toEqual([path, permission]);
  });
});
