import type { JobLogStore } from '@embedding-studio/contracts';
import { beforeEach, describe, expect, it } from 'vitest';

/** What every JobLogStore guarantees. */
export function testJobLogStore(makeStore: () => Promise<JobLogStore>): void {
  describe('job logs', () => {
    let store: JobLogStore;
    const at = new Date('2030-01-01T00:00:00Z');
    const line = (message: string, level: 'info' | 'warn' = 'info') => ({ level, message, at });
    beforeEach(async () => {
      store = await makeStore();
    });

    it('numbers lines without gaps, also when two write at once, and reads them from both ends', async () => {
      await store.appendLines('job', [line('a'), line('b', 'warn')]);
      await Promise.all([store.appendLines('job', [line('c'), line('c2')]), store.appendLines('job', [line('d')])]);
      await store.appendLines('other', [line('x')]);
      const all = await store.listLinesAfter({ jobId: 'job', after: 0, limit: 10 });
      expect(all.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
      expect(all[1]).toEqual({ number: 2, level: 'warn', message: 'b', at });
      expect(await store.listLinesAfter({ jobId: 'job', after: 5, limit: 10 })).toEqual([]);
      const warned = await store.listLinesAfter({ jobId: 'job', after: 0, levels: ['warn'], limit: 10 });
      expect(warned.map(({ message }) => message)).toEqual(['b']);
      const last = await store.listLinesBefore({ jobId: 'job', before: null, limit: 2 });
      expect(last.map(({ number }) => number)).toEqual([5, 4]);
      const earlier = await store.listLinesBefore({ jobId: 'job', before: 4, limit: 2 });
      expect(earlier.map(({ number }) => number)).toEqual([3, 2]);
    });

    it('drops the oldest lines of a job that says too much', async () => {
      for (let part = 0; part < 6; part++)
        await store.appendLines(
          'chatty',
          Array.from({ length: 1_000 }, (_, at) => line(`${part} ${at}`)),
        );
      const [oldest] = await store.listLinesAfter({ jobId: 'chatty', after: 0, limit: 1 });
      expect(oldest).toMatchObject({ number: 1_001, message: '1 0' });
    });
  });
}
