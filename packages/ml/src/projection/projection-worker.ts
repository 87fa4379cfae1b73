import { parentPort, workerData } from 'node:worker_threads';
import { projectVectors } from './project-vectors.ts';
import type { ProjectionJob, ProjectionMessage } from './projection-messages.ts';

const { table, more, starts, seed, landmarksMax } = workerData.settings as ProjectionJob;

function send(message: ProjectionMessage, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

function startOf(row: number): readonly [number, number] | null {
  const [x = Number.NaN, y = Number.NaN] = starts.subarray(row * 2, row * 2 + 2);
  return Number.isNaN(x) || Number.isNaN(y) ? null : [x, y];
}

const { points, place } = await projectVectors(table, {
  ...{ seed, landmarksMax, startOf },
  onProgress: async (share) => send({ kind: 'progress', share }),
});
const placed = place(more);
send({ kind: 'done', result: { points, placed } }, [points.buffer as ArrayBuffer, placed.buffer as ArrayBuffer]);
