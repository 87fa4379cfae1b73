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

    it('keeps the history of each metric by step; a step logged again replaces the old value', async () => {
      const runId = await tracker.createRun({ experimentId, name: 'r', params: {} });
      const points = [1, 2, 3].map((step) => ({ key: 'loss.train', value: 1 / step, step, timestamp }));
      await tracker.logMetrics(runId, points);
      await tracker.logMetrics(runId, [
        { key: 'loss.train', value: 9, step: 2, timestamp },
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
