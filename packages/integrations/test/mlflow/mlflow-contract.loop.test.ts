import { afterAll, describe, expect, it } from 'vitest';
import { testTracker } from '../../../db/test/tracker-suite.ts';
import { createMlflowTracker } from '../../src/mlflow/index.ts';
import { type MlflowServer, startMlflow } from './mlflow-server.ts';

const started = await startMlflow();
const server: MlflowServer | null = typeof started === 'string' ? null : started;
afterAll(() => server?.stop());

let prefixes = 0;
/** An own prefix is as good as an empty server. */
const open = (prefix = `test ${process.pid} ${Date.now()} ${++prefixes} `) =>
  createMlflowTracker({ url: server?.url ?? '', prefix, timeoutMs: 30_000 });

if (typeof started === 'string') it.skip(`needs MLflow: ${started}`, () => undefined);
else
  describe('on a real MLflow server', () => {
    testTracker(async () => open());

    it('keeps what others have on the same server apart', async () => {
      const [ours, theirs] = [open(), open()];
      const experimentId = await ours.createExperiment('fine tuning');
      expect(await theirs.createExperiment('fine tuning')).not.toBe(experimentId);
      expect((await ours.listExperiments({ after: null, limit: 10 })).map(({ name }) => name)).toEqual(['fine tuning']);
    });

    it('two processes that make the same run at once end with the same one', async () => {
      const prefix = `test ${process.pid} both `;
      const both = [open(prefix), open(prefix)];
      const experimentId = await open(prefix).createExperiment('race');
      const made = await Promise.all(both.map((one) => one.createRun({ experimentId, name: 'r', params: { a: '1' } })));
      const again = await open(prefix).createRun({ experimentId, name: 'r', params: { a: '1' } });
      expect((await open(prefix).listRuns({ experimentId, offset: 0, limit: 10 })).map(({ runId }) => runId)).toEqual([
        again,
      ]);
      expect(made).toContain(again);
    });
  });

describe('without a server that answers', () => {
  it('is STORE_UNAVAILABLE, which a job tries again later', async () => {
    const tracker = createMlflowTracker({ url: 'http://127.0.0.1:9', prefix: '', timeoutMs: 2_000 });
    await expect(tracker.createExperiment('x')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
