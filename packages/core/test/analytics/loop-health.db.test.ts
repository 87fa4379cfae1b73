import type { RolloutState } from '@embedding-studio/contracts';
import { getLoopHealth, importSessions, type LoopStage, refreshAnalytics } from '@embedding-studio/core';
import { startTestStudio, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

let studio: TestStudio;
beforeAll(async () => {
  studio = await startTestStudio();
});
afterAll(() => studio?.close());
// Newest first is by the time of creation.
beforeEach(() => studio.passSeconds(60));

const health = () => getLoopHealth({ ctx: studio.ctx });
const stageOf = async (stage: LoopStage['stage']) => {
  const found = (await health()).find((one) => one.stage === stage);
  if (found === undefined) throw new Error(`no stage ${stage}`);
  return found;
};

let made = 0;

interface Made {
  id: string;
  /** When it got into each state. */
  at: Map<RolloutState, Date>;
}

/** A rollout that went along these states, ten seconds in each. */
async function walk(states: readonly RolloutState[], more: { switches?: boolean } = {}): Promise<Made> {
  const id = `rol_${++made}`;
  const { rollouts } = studio.deps;
  const [first = 'requested', ...rest] = states;
  const { rollout: created } = await rollouts.createRollout({
    ...{ id, state: first, isInitial: false, baseModelId: null, modelId: 'm', batchId: null, waitsFor: null },
    ...{ sourceCollectionId: null, collectionId: null, gate: null, verification: null, ...more },
  });
  const at = new Map<RolloutState, Date>([[first, created.createdAt]]);
  let from = first;
  for (const to of rest) {
    studio.passSeconds(10);
    const moved = await rollouts.advanceRollout({ id, from, to, actor: 'test', reason: 'for the test' });
    at.set(to, moved.transitions.at(-1)?.at ?? new Date(0));
    from = to;
  }
  return { id, at };
}

const steps = ['train', 'gate', 'deploy'] as const;
const shortly = async () => (await Promise.all(steps.map(stageOf))).map(({ state }) => state);

describe('the health of the loop', () => {
  it('says of an empty installation what to do first', async () => {
    expect(await health()).toEqual([
      { stage: 'events', state: 'empty', since: null, figure: null, progress: null, next: { kind: 'send-events' } },
      { stage: 'batch', state: 'empty', since: null, figure: null, progress: null, next: { kind: 'send-events' } },
      ...steps.map((stage) => ({ stage, state: 'empty', since: null, figure: null, progress: null, next: null })),
      { stage: 'live', state: 'empty', since: null, figure: null, progress: null, next: { kind: 'create-index' } },
    ]);
  });

  it('counts the clicks of a day, and wants events again when none came for one', async () => {
    const createdAt = studio.deps.clock.now();
    const events = [{ eventId: 'e', itemId: 'a' }];
    const sessions = [{ sessionId: 's1', query: 'q', shown: [{ itemId: 'a' }], createdAt, events }];
    await importSessions({ ctx: studio.ctx, input: { sessions } });
    await refreshAnalytics({ ctx: studio.ctx, input: { owner: 'test' } });
    expect(await stageOf('events')).toMatchObject({ state: 'done', since: createdAt, figure: 1, next: null });
    expect(await stageOf('batch')).toMatchObject({ state: 'ready', figure: 1, next: { kind: 'start-fine-tuning' } });
    studio.passSeconds(90_000);
    expect(await stageOf('events')).toMatchObject({ state: 'ready', since: createdAt, next: { kind: 'send-events' } });
    const released = await studio.deps.sessions.releaseBatch('r1');
    expect(await stageOf('batch')).toMatchObject({ state: 'done', since: released?.createdAt, next: null });
  });

  const path: readonly RolloutState[] = ['requested', 'trained', 'gated', 'deployed', 'indexing', 'verified'];
  const at: [RolloutState, ('empty' | 'working' | 'done')[]][] = [
    ['requested', ['working', 'empty', 'empty']],
    ['trained', ['done', 'working', 'empty']],
    ['gated', ['done', 'done', 'working']],
    ['deployed', ['done', 'done', 'working']],
    ['indexing', ['done', 'done', 'working']],
    ['verified', ['done', 'done', 'working']],
  ];
  it.each(at)('follows a rollout that is %s', async (state, expected) => {
    const { id, at: times } = await walk(path.slice(0, path.indexOf(state) + 1));
    expect(await shortly()).toEqual(expected);
    const working = steps[expected.indexOf('working')] ?? 'train';
    expect(await stageOf(working)).toMatchObject({ since: times.get(state), next: { kind: 'watch-rollout', id } });
    if (expected[0] === 'done')
      expect(await stageOf('train')).toMatchObject({
        since: times.get('trained'),
        next: { kind: 'read-report', id },
      });
    if (expected[1] === 'done') expect(await stageOf('gate')).toMatchObject({ since: times.get('gated') });
  });

  it.each(at)('says where it failed when it was %s, and since when', async (state, expected) => {
    const { id, at: times } = await walk([...path.slice(0, path.indexOf(state) + 1), 'failed']);
    expect(await shortly()).toEqual(expected.map((one) => (one === 'working' ? 'failed' : one)));
    const failed = steps[expected.indexOf('working')] ?? 'train';
    expect(await stageOf(failed)).toMatchObject({ since: times.get('failed'), next: { kind: 'retry-rollout', id } });
  });

  it('shows what the gate has rejected, and leads to its report', async () => {
    const { id, at: times } = await walk(['requested', 'trained', 'rejected']);
    expect(await shortly()).toEqual(['done', 'rejected', 'empty']);
    expect(await stageOf('gate')).toMatchObject({ since: times.get('rejected'), next: { kind: 'read-report', id } });
  });

  it('waits for somebody where a verified rollout does not switch by itself', async () => {
    const { id, at: times } = await walk(path, { switches: false });
    expect(await stageOf('deploy')).toMatchObject({
      ...{ state: 'ready', since: times.get('verified'), next: { kind: 'make-live', id } },
    });
  });

  it('has all steps behind it once the rollout is live, stands by or was rolled back', async () => {
    const { at: times } = await walk([...path, 'live']);
    expect(await shortly()).toEqual(['done', 'done', 'done']);
    expect(await stageOf('deploy')).toMatchObject({ since: times.get('live') });
    for (const end of [['standby'], ['rolledBack'], ['standby', 'retired']] as const) {
      const later = await walk([...path, 'live', ...end]);
      expect(await shortly()).toEqual(['done', 'done', 'done']);
      expect(await stageOf('deploy')).toMatchObject({ since: later.at.get('live') });
    }
  });

  it('leaves first indexes out: they train nothing', async () => {
    const before = await shortly();
    await studio.deps.rollouts.createRollout({
      ...{ id: 'rol_first', state: 'gated', isInitial: true, baseModelId: null, modelId: 'm', batchId: null },
      ...{ sourceCollectionId: null, collectionId: null, gate: null, verification: null, waitsFor: null },
    });
    expect(await shortly()).toEqual(before);
  });
});
