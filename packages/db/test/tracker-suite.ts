import type { Tracker } from '@embedding-studio/contracts';
import { beforeEach, describe, expect, it } from 'vitest';

/** What every Tracker guarantees. */
export function testTracker(makeTracker: () => Promise<Tracker>): void {
  describe('tracker', () => {
    let tracker: Tracker;
    let experimentId: string;
    const timestamp = new Date('2030-01-01T00:00:00Z');
    beforeEach(async () => {
      tracker = await makeTracker();
      experimentId = await tracker.createExperiment('fine tuning');
    });

    it('finds an experiment and a run again by name, also when asked at once', async () => {
      expect(await tracker.createExperiment('fine tuning')).toBe(experimentId);
      const ids = await Promise.all(
        Array.from({ length: 8 }, () =>
          tracker.createRun({ experimentId, name: 'r', params: { 'loss.kind': 'margin' } }),
        ),
      );
      expect(new Set(ids).size).toBe(1);
      const run = await tracker.getRun(ids[0] ?? '');
      expect(run).toMatchObject({
        experimentId,
        name: 'r',
        status: 'RUNNING',
        params: { 'loss.kind': 'margin' },
        endedAt: null,
      });
    });

    it('keeps the history of each metric by step; a step logged again later replaces the old value', async () => {
      const runId = await tracker.createRun({ experimentId, name: 'r', params: {} });
      const points = [1, 2, 3].map((step) => ({ key: 'loss.train', value: 1 / step, step, timestamp }));
      await tracker.logMetrics(runId, points);
      await tracker.logMetrics(runId, [
        { key: 'loss.train', value: 9, step: 2, timestamp: new Date(timestamp.getTime() + 1) },
        { key: '$ndcg@10', value: 0.5, step: 1, timestamp },
      ]);
      const history = await tracker.listMetricHistory(runId, 'loss.train');
      expect(history.map(({ step, value }) => [step, value])).toEqual([
        [1, 1],
        [2, 9],
        [3, 1 / 3],
      ]);
      expect(history[0]).toEqual({ key: 'loss.train', value: 1, step: 1, timestamp });
      expect((await tracker.getRun(runId)).metrics).toEqual({ 'loss.train': 1 / 3, '$ndcg@10': 0.5 });
    });

    it('lists the newest first, also runs of the same millisecond', async () => {
      const ids: string[] = [];
      for (let i = 0; i < 12; i++) ids.push(await tracker.createRun({ experimentId, name: `r${i}`, params: {} }));
      const runs = await tracker.listRuns({ experimentId, offset: 0, limit: 20 });
      expect(runs.map((run) => run.runId)).toEqual(ids.toReversed());
    });

    it('ends runs and lists them with their states', async () => {
      const first = await tracker.createRun({ experimentId, name: 'a', params: {} });
      const second = await tracker.createRun({ experimentId, name: 'b', params: {} });
      await tracker.endRun(first, 'FAILED');
      const runs = await tracker.listRuns({ experimentId, offset: 0, limit: 10 });
      expect(runs.map((run) => [run.runId, run.status])).toEqual([
        [second, 'RUNNING'],
        [first, 'FAILED'],
      ]);
      expect(runs[1]?.endedAt).toBeInstanceOf(Date);
    });

    it('refuses unknown runs and paths that leave the run', async () => {
      await expect(tracker.getRun('run_none')).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'runId' });
      await expect(tracker.endRun('run_none', 'KILLED')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      const runId = await tracker.createRun({ experimentId, name: 'r', params: {} });
      await tracker.logArtefact(runId, 'report.json', Buffer.from('{}'));
      await expect(tracker.logArtefact(runId, '../x', Buffer.from(''))).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    });

    it('reads many series at once by run, key and step, over any number of steps and writers', async () => {
      const runIds = await Promise.all(['a', 'b'].map((name) => tracker.createRun({ experimentId, name, params: {} })));
      const steps = Array.from({ length: 700 }, (_, at) => at);
      const log = (runId: string, factor: number, own: readonly number[]) =>
        tracker.logMetrics(
          runId,
          own.map((step) => ({ key: 'loss', value: step * factor, step, timestamp: new Date(step * 1_000) })),
        );
      await Promise.all(
        [0, 1, 2, 3].map((part) =>
          log(
            runIds[0] ?? '',
            2,
            steps.filter((s) => s % 4 === part),
          ),
        ),
      );
      await log(runIds[1] ?? '', 3, [5, 600]);
      const [first, second, ...rest] = await tracker.listSeries({ runIds, keys: ['loss', 'none'] });
      expect(rest).toEqual([]);
      expect([...(first?.steps ?? [])]).toEqual(steps);
      expect(first).toMatchObject({ runId: runIds[0], key: 'loss' });
      expect(first?.values[699]).toBe(1398);
      expect(first?.times[699]).toBe(699_000);
      expect([...(second?.values ?? [])]).toEqual([15, 1800]);
      const later = await tracker.listSeries({ runIds, keys: ['loss'], afterStep: 599 });
      expect(later.map(({ steps: own }) => [own[0], own.length])).toEqual([
        [600, 100],
        [600, 1],
      ]);
      expect(await tracker.listSeries({ runIds, keys: ['loss'], afterStep: 699 })).toEqual([]);
    });

    it('shows the value of the last step, whatever order points come in', async () => {
      const runId = await tracker.createRun({ experimentId, name: 'r', params: {} });
      await tracker.logMetrics(runId, [{ key: 'm', value: 3, step: 30, timestamp }]);
      await tracker.logMetrics(runId, [{ key: 'm', value: 1, step: 10, timestamp }]);
      expect((await tracker.getRun(runId)).metrics).toEqual({ m: 3 });
    });

    it('searches by state, name and params and orders by a metric or a param, runs without it last', async () => {
      const made: { name: string; params: Record<string, string>; score: number | null }[] = [
        { name: 'warm (1)', params: { lr: '0.1', note: 'a"b' }, score: 0.2 },
        { name: 'cold [2]', params: { lr: '0.02', note: '","lr":"0.1' }, score: 0.9 },
        { name: 'Warm 3', params: { lr: '10' }, score: null },
      ];
      const ids: string[] = [];
      for (const { name, params, score } of made) {
        const runId = await tracker.createRun({ experimentId, name, params });
        ids.push(runId);
        if (score !== null) await tracker.logMetrics(runId, [{ key: 'score', value: score, step: 1, timestamp }]);
      }
      await tracker.endRun(ids[1] ?? '', 'FINISHED');
      const find = async (search: Partial<Parameters<Tracker['searchRuns']>[0]>) => {
        const { runs, total } = await tracker.searchRuns({ experimentId, after: null, limit: 10, ...search });
        expect(total).toBeGreaterThanOrEqual(runs.length);
        return runs.map(({ runId }) => ids.indexOf(runId));
      };
      expect(await find({})).toEqual([2, 1, 0]);
      expect(await find({ order: { by: 'metric', key: 'score', descending: true } })).toEqual([1, 0, 2]);
      expect(await find({ order: { by: 'metric', key: 'score', descending: false } })).toEqual([0, 1, 2]);
      expect(await find({ order: { by: 'param', key: 'lr', descending: false } })).toEqual([1, 0, 2]);
      expect(await find({ order: { by: 'name', descending: false } })).toEqual([2, 1, 0]);
      expect(await find({ status: 'FINISHED' })).toEqual([1]);
      expect(await find({ text: 'warm' })).toEqual([2, 0]);
      expect(await find({ text: '[2]' })).toEqual([1]);
      expect(await find({ params: { lr: '0.1' } })).toEqual([0]);
      expect(await find({ params: { note: 'a"b', lr: '0.1' } })).toEqual([0]);
      expect(await find({ after: ids[1] ?? '', limit: 1 })).toEqual([0]);
      expect(await find({ after: 'run_gone' })).toEqual([]);
    });

    it('keeps and takes away tags of runs and experiments, also when set at once', async () => {
      const runId = await tracker.createRun({ experimentId, name: 'r', params: {} });
      await Promise.all(
        Array.from({ length: 6 }, (_, at) => tracker.setRunTag(runId, { key: `k.${at}`, value: `$v${at}` })),
      );
      await tracker.setRunTag(runId, { key: 'k.0', value: null });
      const { tags } = await tracker.getRun(runId);
      expect(Object.entries(tags).sort()).toEqual([1, 2, 3, 4, 5].map((at) => [`k.${at}`, `$v${at}`]));
      await tracker.setExperimentTag(experimentId, { key: 'baseline', value: runId });
      expect((await tracker.getExperiment(experimentId)).tags).toEqual({ baseline: runId });
      await expect(tracker.setRunTag('run_none', { key: 'a', value: 'b' })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        field: 'runId',
      });
    });

    it('runs again when a job that had ended finds its run', async () => {
      const runId = await tracker.createRun({ experimentId, name: 'r', params: {} });
      await tracker.endRun(runId, 'KILLED');
      expect(await tracker.createRun({ experimentId, name: 'r', params: {} })).toBe(runId);
      expect(await tracker.getRun(runId)).toMatchObject({ status: 'RUNNING', endedAt: null });
    });

    it('pages through experiments, newest first', async () => {
      const others = [];
      for (const name of ['b', 'c', 'd']) others.push(await tracker.createExperiment(name));
      const first = await tracker.listExperiments({ after: null, limit: 3 });
      const second = await tracker.listExperiments({ after: first.at(-1)?.experimentId ?? '', limit: 3 });
      const listed = [...first, ...second].map((one) => one.experimentId);
      expect(listed.toSorted()).toEqual([experimentId, ...others].toSorted());
      expect([first.length, second.length]).toEqual([3, 1]);
    });

    it('hands back artefacts, and null where there is none', async () => {
      const runId = await tracker.createRun({ experimentId, name: 'r', params: {} });
      await tracker.logArtefact(runId, 'a/report.json', Buffer.from('{}'));
      expect(await tracker.listArtefacts(runId)).toEqual([{ path: 'a/report.json', bytes: 2 }]);
      expect(Buffer.from((await tracker.findArtefact(runId, 'a/report.json')) ?? []).toString()).toBe('{}');
      expect(await tracker.findArtefact(runId, 'other.json')).toBeNull();
    });

    it('keeps parts below their run, and finds them by it', async () => {
      const parent = await tracker.createRun({ experimentId, name: 'search', params: {} });
      const trials = [];
      for (const name of ['t1', 't2'])
        trials.push(await tracker.createRun({ experimentId, name, params: {}, parentRunId: parent }));
      const { runs, total } = await tracker.searchRuns({ experimentId, parentRunId: parent, after: null, limit: 10 });
      expect([total, runs.map(({ runId }) => runId)]).toEqual([2, trials.toReversed()]);
      expect(runs[0]).toMatchObject({ parentRunId: parent });
      expect(await tracker.getRun(parent)).toMatchObject({ parentRunId: null });
      expect((await tracker.searchRuns({ experimentId, after: null, limit: 10 })).total).toBe(3);
    });

    it('points an alias at one version at a time, moves it, and takes it away', async () => {
      expect(await tracker.listModelVersions('encoder')).toEqual([]);
      const runId = await tracker.createRun({ experimentId, name: 'r', params: {} });
      await tracker.registerModelVersion({ name: 'encoder', modelId: 'mdl_a', runId });
      await tracker.registerModelVersion({ name: 'encoder', modelId: 'mdl_b', runId: null });
      const point = (alias: string, modelId: string | null) =>
        tracker.setModelAlias({ name: 'encoder', alias, modelId });
      await point('live', 'mdl_a');
      await point('champion', 'mdl_a');
      await point('live', 'mdl_b');
      expect(await tracker.listModelVersions('encoder')).toEqual([
        { version: 1, modelId: 'mdl_a', runId, aliases: ['champion'] },
        { version: 2, modelId: 'mdl_b', runId: null, aliases: ['live'] },
      ]);
      await point('live', null);
      await point('live', null);
      expect((await tracker.listModelVersions('encoder')).flatMap(({ aliases }) => aliases)).toEqual(['champion']);
      await expect(point('live', 'mdl_unknown')).rejects.toMatchObject({ field: 'modelId' });
    });

    it('counts versions of a name from 1, one per model, without gaps', async () => {
      const models = Array.from({ length: 6 }, (_, i) => `mdl_${i}`);
      const versions = await Promise.all(
        [...models, ...models].map((modelId) =>
          tracker.registerModelVersion({ name: 'encoder', modelId, runId: null }),
        ),
      );
      expect(versions.slice(0, 6)).toEqual(versions.slice(6));
      expect([...versions.slice(0, 6)].sort()).toEqual([1, 2, 3, 4, 5, 6]);
      expect(await tracker.registerModelVersion({ name: 'other', modelId: 'mdl_0', runId: null })).toBe(1);
    });
  });
}
