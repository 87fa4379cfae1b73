import { StudioError, type Trainer, type TrainingSettings } from '@embedding-studio/contracts';
import {
  createAutoTraining,
  createLiveMirror,
  getLineage,
  getLoopHealth,
  getSettingsSearch,
  getTrainingPolicy,
  importSessions,
  listRollouts,
  promoteRollout,
  requestFineTuning,
  rollBack,
  updateTrainingPolicy,
} from '@embedding-studio/core';
import { createWordTrainer, drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, world } from './rollout-world.ts';

let studio: TestStudio;
const tried: number[] = [];
/** While set, that trial ends as it says. */
let fate: (rate: number) => void = () => undefined;
const learning = createWordTrainer();
const trainer: Trainer = {
  ...learning,
  async train(request) {
    const { learningRate } = request.settings;
    tried.push(learningRate ?? 0);
    fate(learningRate ?? 0);
    const report = await learning.train({ ...request, onValidation: () => undefined });
    // The best rate is 1e-3.
    const score = 1 - Math.abs(Math.log10(learningRate ?? 1) + 3) / 10;
    for (const step of [1, 2]) request.onValidation?.({ step, ndcg10: score });
    return report;
  },
};

beforeAll(async () => {
  studio = await openShop({ trainer });
  const { words: plain } = studio.deps.methods;
  if (plain === undefined) throw new Error('no method');
  const parseSettings = ({ learningRate }: Record<string, unknown>): TrainingSettings => ({
    ...{ ...plain.parseSettings({}), learningRate: typeof learningRate === 'number' ? learningRate : 0.1 },
  });
  studio.deps.methods.rated = { ...plain, name: 'rated', parseSettings };
});
afterAll(() => studio?.close());

const tunings = async () => (await listRollouts({ ctx: studio.ctx, input: {} })).filter(({ isInitial }) => !isInitial);
const words = async () => (await getTrainingPolicy({ ctx: studio.ctx })).watch?.words;
const look = async (worker = createAutoTraining(studio.ctx)) => {
  studio.passSeconds(61);
  await worker();
};

describe('training that starts by itself', () => {
  it('does nothing until somebody enables it, and refuses settings that the method refuses', async () => {
    await look();
    expect(await tunings()).toEqual([]);
    const refused = updateTrainingPolicy({ ctx: studio.ctx, input: { isEnabled: true, method: 'none' } });
    await expect(refused).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'method' });
    const few = updateTrainingPolicy({ ctx: studio.ctx, input: { sessionsMin: 1 } });
    await expect(few).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'sessionsMin' });
  });

  it('says what is missing while there is too little evidence', async () => {
    const input = { isEnabled: true, method: 'words', sessionsMin: 5_000, queriesMin: 10, hoursBetween: 0 };
    await updateTrainingPolicy({ ctx: studio.ctx, input });
    await look();
    expect(await words()).toMatch(/^Waits: \d+ of 5,000 new usable sessions\.$/);
    expect(await tunings()).toEqual([]);
    const [, batch] = await getLoopHealth({ ctx: studio.ctx });
    expect(batch?.auto).toMatchObject({ mode: 'propose', words: await words() });
  });

  it('starts one run however many workers look, and leaves its model for a person to promote', async () => {
    await updateTrainingPolicy({ ctx: studio.ctx, input: { sessionsMin: 20 } });
    const workers = [createAutoTraining(studio.ctx), createAutoTraining(studio.ctx)];
    studio.passSeconds(61);
    await Promise.all(workers.map((worker) => worker()));
    for (const worker of workers) await look(worker);
    const [rollout, ...others] = await tunings();
    expect(others).toEqual([]);
    expect(rollout).toMatchObject({ state: 'requested', switches: false });
    expect(await words()).toBe(`Waits: rollout ${rollout?.id} is requested.`);
    await drainTasks(studio.deps);
    const live = await studio.deps.collections.findLive();
    const [proposed] = await tunings();
    expect(proposed).toMatchObject({ id: rollout?.id, state: 'verified' });
    expect(live?.collectionId).not.toBe(proposed?.collectionId);
    await look();
    expect(await words()).toContain('waits for somebody to promote it');
    const promoted = { rolloutId: rollout?.id ?? '', expectedCollectionId: live?.collectionId ?? null };
    expect(await promoteRollout({ ctx: studio.ctx, input: promoted })).toMatchObject({
      collectionId: proposed?.collectionId,
    });
  });

  it('asks again for a run that a crash cut short after the batch was released', async () => {
    await updateTrainingPolicy({ ctx: studio.ctx, input: { mode: 'automatic' } });
    const again = world.sessions.map((session) => ({ ...session, sessionId: `again-${session.sessionId}` }));
    await importSessions({ ctx: studio.ctx, input: { sessions: again } });
    const batch = await studio.deps.sessions.releaseBatch('auto-training:cut-short');
    await look();
    await look();
    const [rollout, ...others] = await tunings();
    expect(others).toHaveLength(1);
    expect(rollout).toMatchObject({ batchId: batch?.batchId, state: 'requested' });
    expect(rollout?.switches).toBeUndefined();
    const audited = await studio.deps.audit.listAudit({ beforeId: null, limit: 50, subjects: [rollout?.id ?? ''] });
    expect(audited.map(({ actor, action }) => [actor, action])).toEqual([
      ['system:auto-training', 'fine-tuning.request'],
    ]);
  });
});

describe('a search of settings', () => {
  const search = { secondsMax: 600, trials: 9, space: { learningRate: { from: 1e-5, to: 1, scale: 'log' as const } } };
  const request = (idempotencyKey: string, changed: Partial<typeof search> = {}) =>
    requestFineTuning({
      ctx: studio.ctx,
      input: { method: 'rated', deploy: false, idempotencyKey, batchId, search: { ...search, ...changed } },
    });
  let batchId = '';
  beforeAll(async () => {
    await updateTrainingPolicy({ ctx: studio.ctx, input: { isEnabled: false } });
    batchId = (await studio.deps.sessions.listBatches({ offset: 0, limit: 5 })).at(-1)?.batchId ?? '';
    await drainTasks(studio.deps);
    tried.length = 0;
  });

  it('refuses ranges that the method or arithmetic refuses, naming them', async () => {
    const space = { learningRate: { from: 0, to: 1, scale: 'log' as const } };
    await expect(request('bad', { space })).rejects.toMatchObject({
      ...{ code: 'INPUT_INVALID', field: 'search.space.learningRate' },
    });
  });

  it('trains the best of its trials, keeps them as parts of its run, and survives one that crashes', async () => {
    fate = (rate) => {
      if (rate > 0.2) throw new Error('out of memory');
    };
    const { task } = await request('search');
    await drainTasks(studio.deps);
    const done = await studio.deps.tasks.getTask(task.id);
    expect(done.status).toBe('done');
    const final = tried.at(-1) ?? 0;
    expect(final).toBe(tried.toSorted((a, b) => Math.abs(Math.log10(a) + 3) - Math.abs(Math.log10(b) + 3))[0]);
    const { runs } = await studio.deps.tracker.searchRuns({
      ...{ experimentId: await experimentId(), text: `${task.id} trial`, after: null, limit: 50 },
    });
    expect(runs.length).toBe(tried.length - 1);
    expect(new Set(runs.map(({ parentRunId }) => parentRunId)).size).toBe(1);
    expect(runs.map(({ parentRunId }) => parentRunId)).not.toContain(null);
    expect(runs.filter(({ status }) => status === 'FAILED').length).toBe(tried.filter((rate) => rate > 0.2).length);
    expect(Number(runs[0]?.metrics['trial.score'])).toBeGreaterThan(0.9);
  });

  it('is told with its best trial, what the settings as given would have got, and what mattered', async () => {
    const [{ id: jobId } = { id: '' }] = await studio.deps.tasks.listTasks({
      kind: 'fine_tuning',
      offset: 0,
      limit: 1,
    });
    const found = await getSettingsSearch({ ctx: studio.ctx, input: { jobId } });
    const rates = found?.trials.flatMap(({ settings }) => settings.learningRate ?? []) ?? [];
    expect(rates.length).toBeGreaterThan(8);
    expect(found?.best?.settings.learningRate).toBe(tried.at(-1));
    expect(found?.baseline).toBeCloseTo(0.8, 5);
    expect(found?.importance).toEqual([expect.objectContaining({ name: 'learningRate' })]);
  });

  it('goes on with the trials done after an attempt that was cut short, and repeats none', async () => {
    tried.length = 0;
    fate = () => undefined;
    const { tracker } = studio.deps;
    const { searchRuns } = tracker;
    let looks = 0;
    tracker.searchRuns = (search) => {
      if (search.parentRunId !== undefined && ++looks === 5) throw new StudioError('STORE_UNAVAILABLE', 'gone');
      return searchRuns(search);
    };
    const { task } = await request('cut');
    await drainTasks(studio.deps);
    const done = await studio.deps.tasks.getTask(task.id);
    expect([done.status, done.attempt]).toEqual(['done', 2]);
    const { total } = await searchRuns({
      ...{ experimentId: await experimentId(), text: `${task.id} trial`, after: null, limit: 50 },
    });
    expect(tried.length).toBe(total + 1);
    expect(total).toBeGreaterThan(9);
  });
});

async function experimentId(): Promise<string> {
  const [experiment] = await studio.deps.tracker.listExperiments({ after: null, limit: 5 });
  return experiment?.experimentId ?? '';
}

it('the tracker’s aliases follow the live pointer, back and forth', async () => {
  const mirror = createLiveMirror(studio.ctx);
  const named = async () => {
    await mirror();
    const name = (await studio.deps.models.listModels({ after: null, limit: 50 })).at(-1)?.name ?? '';
    const versions = await studio.deps.tracker.listModelVersions(name);
    const find = (alias: string) => versions.find(({ aliases }) => aliases.includes(alias))?.modelId;
    return [find('live'), find('previous')];
  };
  const [live, previous] = await named();
  expect([typeof live, typeof previous]).toEqual(['string', 'string']);
  await rollBack({ ctx: studio.ctx, input: {} });
  expect(await named()).toEqual([previous, live]);
  await rollBack({ ctx: studio.ctx, input: {} });
  expect(await named()).toEqual([live, previous]);
});

it('lineage is the same graph from the batch, the run, the rollout, the collection and the model', async () => {
  const { ctx, deps } = studio;
  const [rollout] = (await tunings()).filter(({ state }) => state === 'live' || state === 'standby');
  const { modelId, collectionId, batchId, id: rolloutId } = rollout ?? {};
  const graph = await getLineage({ ctx, input: { modelId: modelId ?? '' } });
  const kinds = new Set(graph.nodes.map(({ kind }) => kind));
  // The search belongs to a model that was trained from this one.
  const all = ['batch', 'collection', 'data', 'experiment', 'model', 'rollout', 'run', 'search'];
  expect([...kinds].sort()).toEqual(all);
  const run = graph.edges.find(({ to }) => to === `model:${modelId}`)?.from ?? '';
  const before = graph.edges.filter(({ to }) => to === run).map(({ from }) => from.split(':')[0]);
  expect(before.sort()).toEqual(['data', 'experiment', 'model']);
  expect(graph.nodes).toContainEqual(expect.objectContaining({ kind: 'batch', id: batchId }));
  expect(graph.edges).toContainEqual({ from: `rollout:${rolloutId}`, to: `collection:${collectionId}` });
  const runId = run.slice('run:'.length);
  for (const input of [{ collectionId: collectionId ?? '' }, { rolloutId: rolloutId ?? '' }, { runId }])
    expect(await getLineage({ ctx, input })).toEqual(graph);
  const ofBatch = await getLineage({ ctx, input: { batchId: batchId ?? '' } });
  expect(ofBatch.roots).toContain(`model:${modelId}`);
  await expect(getLineage({ ctx, input: {} })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  const paths = (await deps.tracker.listArtefacts(runId)).map(({ path }) => path);
  const wanted = ['data-card.json', 'gate-report.json', 'model/manifest.json', 'plots/gate.json', 'win-loss.csv'];
  expect(paths).toEqual(expect.arrayContaining(wanted));
});
