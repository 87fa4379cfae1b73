import { setTimeout as sleep } from 'node:timers/promises';
import { appRouter, createCaller } from '@embedding-studio/api';
import { enterProject, openProjects, openStudio } from '@embedding-studio/composition';
import type { UserRecord } from '@embedding-studio/contracts';
import {
  authenticate,
  type Ctx,
  changeUser,
  createApiKey,
  inviteUser,
  listUsers,
  registerBaseModel,
  requestInitialIndex,
  requestUpsertion,
  rotateApiKey,
} from '@embedding-studio/core';
import { findRedisProgram, recordLog } from '@embedding-studio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStudioClient } from '../../../packages/sdk/src/index.ts';
import { books, films, type ProjectWorld, startProjectWorld, waitForTask } from './project-world.ts';

let world: ProjectWorld;
beforeAll(async () => {
  world = await startProjectWorld({ queue: findRedisProgram() === null ? 'postgres' : 'redis' });
});
afterAll(() => world?.stop());

/** Stands in everything that the first project holds, and nowhere else. */
const mark = 'lighthouse';

type Procedures = Record<string, { _def: { type: string } }>;
type Callable = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;

const inputs: Record<string, Record<string, unknown>> = {
  'savedView.listSavedViews': { page: 'search' },
  'collection.getCollection': { collectionId: 'live' },
  'item.getItem': { itemId: `${mark}-item` },
  'task.getTask': { taskId: `${mark}-task` },
  'task.describeTask': { taskId: `${mark}-task` },
  'task.searchTasks': { idPrefix: mark },
  'session.getSession': { sessionId: `${mark}-session` },
  'session.getSessionTimeline': { sessionId: `${mark}-session` },
  'search.searchItems': { query: mark },
  'search.browseItems': {},
  'judgement.listJudgements': { query: mark },
  'judgement.exportJudgements': { format: 'quepid' },
  'suggestion.suggestPhrases': { text: mark.slice(0, 4) },
};

/** What every procedure that reads says, by its name; refusals too. */
async function readEverything(ctx: Ctx): Promise<Map<string, string>> {
  const procedures = Object.entries(appRouter._def.procedures as unknown as Procedures);
  const caller = createCaller(ctx) as unknown as Callable;
  const answers = new Map<string, string>();
  for (const [path, { _def }] of procedures) {
    if (_def.type !== 'query') continue;
    const [noun = '', verb = ''] = path.split('.');
    const said = await caller[noun]?.[verb]?.(inputs[path] ?? {}).then(
      (answer) => JSON.stringify(answer),
      () => '',
    );
    answers.set(path, said ?? '');
  }
  return answers;
}

async function makeLive(ctx: Ctx, folder: string): Promise<string> {
  const model = await registerBaseModel({ ctx, input: { folder } });
  const { id } = await requestInitialIndex({ ctx, input: { modelId: model.id } });
  for (;;) {
    const { state, transitions } = await ctx.deps.rollouts.getRollout(id);
    if (state === 'live') return model.id;
    if (state === 'failed') throw new TypeError(transitions.at(-1)?.reason);
    await sleep(50);
  }
}

/** Something in every store of the project. */
async function fill(ctx: Ctx): Promise<void> {
  const caller = createCaller(ctx);
  const items = [{ id: `${mark}-item`, title: mark, payload: { shop: mark } }];
  await requestUpsertion({ ctx, input: { id: `${mark}-task`, items } });
  await waitForTask(ctx, `${mark}-task`);
  await caller.key.createApiKey({ name: mark, scopes: ['search'] });
  await caller.savedView.createSavedView({ page: 'search', name: mark, search: `q=${mark}`, isShared: true });
  await caller.suggestion.addPhrases({ phrases: [{ phrase: mark }] });
  await caller.judgement.judgeItem({ query: mark, itemId: `${mark}-item`, grade: 3 });
  const source = { name: mark, loader: 'folder', config: { path: world.settings.SOURCE_FOLDERS[0] ?? '' } };
  await caller.dataSource.createDataSource(source);
  await caller.session.registerSession({
    ...{ sessionId: `${mark}-session`, query: mark, shown: [{ itemId: `${mark}-item` }] },
  });
  const experimentId = await ctx.deps.tracker.createExperiment(mark);
  await ctx.deps.tracker.createRun({ experimentId, name: mark, params: {} });
}

describe('what one project holds', () => {
  it('is invisible in another, whatever is read there, and in nothing that is not', async () => {
    const [mine, theirs] = [world.ctxOf(films), world.ctxOf(books)];
    await Promise.all(
      [films, books].map((slug) => world.startWorkersOf(slug, ['upsertion', 'inference', 'improvement'])),
    );
    await fill(mine);
    await makeLive(mine, world.encoderFolder);
    // Lists of sessions are counted in the background.
    while (!JSON.stringify(await createCaller(mine).session.listSessions({})).includes(mark)) await sleep(50);
    const own = await readEverything(mine);
    const holding = [...own].filter(([, said]) => said.includes(mark)).map(([path]) => path);
    expect(holding).toEqual(
      expect.arrayContaining([
        ...['item.listItems', 'item.getItem', 'search.searchItems', 'key.listApiKeys', 'audit.listAudit'],
        ...['task.listTasks', 'task.searchTasks', 'task.getTask', 'session.listSessions', 'session.getSession'],
        ...['savedView.listSavedViews', 'suggestion.listPhrases', 'dataSource.listDataSources'],
        ...['judgement.listJudgedQueries', 'run.listExperiments'],
      ]),
    );
    const foreign = await readEverything(theirs);
    expect([...foreign].filter(([, said]) => said.includes(mark)).map(([path]) => path)).toEqual([]);
    expect(await mine.deps.collections.findLive()).not.toBeNull();
    expect(await theirs.deps.collections.findLive()).toBeNull();
    for (const path of ['rollout.listRollouts', 'model.listModels', 'collection.listCollections'])
      expect([path, foreign.get(path)]).toEqual([path, '[]']);
  });

  it('lies under names of today where it is the first project, and beside them where it is another', async () => {
    const { settings } = world;
    const again = await openStudio({ settings: { ...settings, PROJECTS: [films] }, log: recordLog().log });
    expect(await again.deps.items.listItems({ after: null, limit: 9 })).toMatchObject([{ id: `${mark}-item` }]);
    expect(again.queueConnection.prefix).toBeUndefined();
    await again.close();
  });

  it('is never swapped with another by a reordered list', async () => {
    const reordered = { ...world.settings, PROJECTS: [books, films] };
    const opening = openProjects({ settings: reordered, log: recordLog().log });
    await expect(opening).rejects.toMatchObject({ code: 'SETTINGS_INVALID', message: expect.stringContaining(films) });
  });
});

describe('models', () => {
  it('of the same files serve each project on their own: one takes its model away and the other goes on', async () => {
    const [mine, theirs] = [world.ctxOf(films), world.ctxOf(books)];
    const modelId = (await mine.deps.models.listModels({ after: null, limit: 1 }))[0]?.id ?? '';
    expect(await makeLive(theirs, world.encoderFolder)).toBe(modelId);
    await mine.deps.modelServer.unloadModel(modelId);
    await mine.deps.modelServer.removeModel(modelId);
    expect(await mine.deps.modelServer.isModelReady(modelId)).toBe(false);
    expect(await theirs.deps.modelServer.isModelReady(modelId)).toBe(true);
    expect((await theirs.deps.modelServer.listServedModels()).map(({ name }) => name)).toEqual([modelId]);
    expect(await theirs.deps.encoder.embed({ modelId, texts: ['a text'], kind: 'item' })).toHaveLength(1);
  });
});

describe('an API key', () => {
  const search = (key: string | null, project?: string) =>
    fetch(`${world.url}/api/v1/clickstream/session?session_id=${mark}-session`, {
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(project === undefined ? {} : { 'x-project': project }),
      },
    }).then(async (answer) => ({ status: answer.status, body: (await answer.json()) as Record<string, unknown> }));
  const makeKey = async (slug: string) =>
    (await createApiKey({ ctx: world.ctxOf(slug), input: { name: slug, scopes: ['clickstream', 'admin'] } })).secret;

  it('finds its project without being told, and keeps its form in the first', async () => {
    const [mine, theirs] = [await makeKey(films), await makeKey(books)];
    expect(mine).toMatch(/^es_[\w-]{32}$/);
    expect(theirs).toMatch(/^es_e-books\.[\w-]{32}$/);
    expect((await search(mine)).status).toBe(200);
    expect(await search(theirs)).toMatchObject({ status: 404, body: { code: 'SESSION_NOT_FOUND' } });
    expect((await search(mine, films)).status).toBe(200);
    expect((await search(theirs, books)).status).toBe(404);
  });

  it('is as good as none in another project', async () => {
    const [mine, theirs] = [await makeKey(films), await makeKey(books)];
    const forged = theirs.replace(books, 'music');
    for (const [key, project] of [
      [mine, books],
      [theirs, films],
      [theirs.replace(`${books}.`, ''), undefined],
      [`es_${books}.${mine.slice(3)}`, undefined],
      [forged, undefined],
      [null, books],
    ] as const)
      expect(await search(key, project)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
  });

  it('keeps its project when it rotates', async () => {
    const ctx = world.ctxOf(books);
    const { key } = await createApiKey({ ctx, input: { name: 'turning', scopes: ['search'] } });
    const { secret } = await rotateApiKey({ ctx, input: { keyId: key.id } });
    expect(secret).toMatch(/^es_e-books\./);
    expect((await authenticate({ deps: ctx.deps, secret })).actor.keyId).toBe(key.id);
  });

  it('hears of a project that is not there by its name, also by tRPC, and with no key at all', async () => {
    const key = await makeKey(films);
    const missing = { status: 404, body: { code: 'PROJECT_NOT_FOUND', detail: expect.stringContaining('"music"') } };
    expect(await search(key, 'music')).toMatchObject(missing);
    expect(await search(null, 'music')).toMatchObject(missing);
    const client = createStudioClient({ url: world.url, apiKey: key, project: 'music' });
    await expect(client.item.listItems.query({})).rejects.toMatchObject({
      data: { studio: { code: 'PROJECT_NOT_FOUND' } },
    });
  });

  it('takes the client of the SDK to its project', async () => {
    const secrets: Record<string, string> = { [films]: await makeKey(films), [books]: await makeKey(books) };
    const idsOf = async (slug: string, project?: string) => {
      const client = createStudioClient({ url: world.url, apiKey: secrets[slug] ?? '', project });
      return (await client.item.listItems.query({})).items.map(({ id }) => id);
    };
    expect(await idsOf(films)).toContain(`${mark}-item`);
    expect(await idsOf(books, books)).toEqual([]);
    await expect(idsOf(books, films)).rejects.toMatchObject({ data: { studio: { code: 'UNAUTHENTICATED' } } });
  });

  it('of a project with all scopes does not reach people, who are of the whole installation', async () => {
    const key = await makeKey(books);
    const client = createStudioClient({ url: world.url, apiKey: key });
    const inviting = client.user.inviteUser.mutate({ email: 'eve@example.org', role: 'admin' });
    await expect(inviting).rejects.toMatchObject({ data: { studio: { code: 'FORBIDDEN' } } });
  });
});

describe('people', () => {
  const makeUser = async (email: string, input: Omit<Parameters<typeof changeUser>[0]['input'], 'id'>) => {
    const data = {
      name: email,
      email,
      emailVerified: false,
      role: 'viewer',
      createdAt: new Date(),
      updatedAt: new Date(),
    };
    const adapter = world.projects.first.signIn({
      user: { modelName: 'users', additionalFields: { role: { type: 'string' } } },
    });
    const { id } = await adapter.create<{ id: string }>({ model: 'user', data: data as never });
    return changeUser({ ctx: world.ctxOf(films), input: { id, ...input } });
  };
  const callerAt = (user: UserRecord, asked: string | null) =>
    createCaller({ ...enterProject(world.projects, { user, asked }), requestId: 'person' });

  it('of one project are refused in another, and may there do what their role says', async () => {
    const viewer = await makeUser('film-viewer@example.org', { projectRoles: { [films]: 'viewer' } });
    expect((await callerAt(viewer, films).item.listItems({})).total).toBe(1);
    expect((await callerAt(viewer, null).item.listItems({})).total).toBe(1);
    expect(() => callerAt(viewer, books)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    expect(() => callerAt(viewer, 'music')).toThrow(expect.objectContaining({ code: 'PROJECT_NOT_FOUND' }));
    const mixed = await makeUser('mixed@example.org', { projectRoles: { [films]: 'viewer', [books]: 'engineer' } });
    await callerAt(mixed, books).queue.pauseQueues({ kind: 'deletion', reason: 'for the test' });
    await callerAt(mixed, books).queue.resumeQueues({ kind: 'deletion' });
    const pausing = callerAt(mixed, films).queue.pauseQueues({ kind: 'deletion', reason: 'for the test' });
    await expect(pausing).rejects.toMatchObject({ cause: { code: 'FORBIDDEN' } });
  });

  it('who were there before keep their role, in the first project alone; admins are admins everywhere', async () => {
    const engineer = await makeUser('before@example.org', { role: 'engineer' });
    expect(enterProject(world.projects, { user: engineer, asked: null }).actor).toMatchObject({ role: 'engineer' });
    expect(() => callerAt(engineer, books)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    const admin = await makeUser('admin@example.org', { role: 'admin' });
    for (const slug of [films, books]) {
      const { actor } = enterProject(world.projects, { user: admin, asked: slug });
      expect(actor).toEqual({ kind: 'user', userId: admin.id, role: 'admin' });
    }
  });

  it('are kept once, and who is an admin of one project only sees its people and manages nobody', async () => {
    const owner = await makeUser('owner@example.org', { projectRoles: { [books]: 'admin' } });
    const ctx = { ...enterProject(world.projects, { user: owner, asked: books }), requestId: 'person' };
    const seen = (await listUsers({ ctx, input: {} })).map(({ email, role }) => [email, role]);
    expect(Object.fromEntries(seen)).toEqual({
      'owner@example.org': 'admin',
      'mixed@example.org': 'engineer',
      'admin@example.org': 'admin',
    });
    const input = { email: 'new@example.org', projectRoles: { [books]: 'viewer' as const } };
    await expect(inviteUser({ ctx, input })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await createCaller(ctx).key.createApiKey({ name: 'own', scopes: ['search'] });
    const everybody = await listUsers({ ctx: world.ctxOf(books), input: {} });
    expect(everybody.map(({ id }) => id)).toEqual(
      (await listUsers({ ctx: world.ctxOf(films), input: {} })).map(({ id }) => id),
    );
  });

  it('get no role in a project that is not there, nor both kinds of roles at once', async () => {
    const ctx = world.ctxOf(films);
    const invite = (access: object) => inviteUser({ ctx, input: { email: 'odd@example.org', ...access } });
    await expect(invite({ projectRoles: { music: 'viewer' } })).rejects.toMatchObject({ field: 'projectRoles' });
    await expect(invite({ role: 'viewer', projectRoles: { [films]: 'viewer' } })).rejects.toMatchObject({
      field: 'role',
    });
    await expect(invite({ projectRoles: {} })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
