import { describe, expect, it } from 'vitest';
import { projectInThread, projectVectors } from '../../src/projection/index.ts';
import { makeTable } from './clustered-table.ts';

const jobOf = (rows: number) => ({
  ...{ table: makeTable(rows), more: makeTable(3), seed: 1, landmarksMax: 120 },
  starts: new Float32Array(rows * 2).fill(Number.NaN),
});

describe('a projection in a thread of its own', () => {
  it('is the same as without one, and leaves the event loop free while it works', async () => {
    const shares: number[] = [];
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    const { points, placed } = await projectInThread({
      job: jobOf(180),
      onProgress: async (share) => void shares.push(share),
    });
    clearInterval(timer);
    const { points: same, place } = await projectVectors(makeTable(180), { seed: 1, landmarksMax: 120 });
    expect(points).toEqual(same);
    expect(placed).toEqual(place(makeTable(3)));
    expect(turns).toBeGreaterThan(5);
    expect(shares.length).toBeGreaterThan(0);
    expect(shares).toEqual([...shares].sort((left, right) => left - right));
  });

  it('ends at once when it is aborted or its progress cannot be kept', async () => {
    const stopping = new AbortController();
    const aborted = projectInThread({
      ...{ job: jobOf(4_000), signal: stopping.signal },
      onProgress: async () => stopping.abort(new Error('cancelled')),
    });
    await expect(aborted).rejects.toThrow('cancelled');
    await expect(
      projectInThread({ job: jobOf(4_000), onProgress: () => Promise.reject(new Error('lease lost')) }),
    ).rejects.toThrow('lease lost');
  });

  it('says so when the thread dies', async () => {
    const job = { ...jobOf(20), starts: null as unknown as Float32Array };
    await expect(projectInThread({ job, onProgress: async () => undefined })).rejects.toMatchObject({
      code: 'INTERNAL',
    });
  });
});
