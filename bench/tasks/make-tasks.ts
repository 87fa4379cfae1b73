import { jobCatalog, TaskKind, type TaskStatus } from '@embedding-studio/contracts';
import type { Document } from 'mongodb';

const settled: [TaskStatus, number][] = [
  ['done', 0.93],
  ['failed', 0.03],
  ['refused', 0.01],
  ['canceled', 0.02],
  ['pending', 0.0095],
  ['processing', 0.0005],
];
const messages = [
  'The model server cannot be reached.',
  'The document database does not answer; try again shortly.',
  'items.3.text: Too big: expected string to have <=1000000 characters',
  'Another worker took the task over.',
  'recall@10 is 0.912 even with the widest beam.',
];
const secondMs = 1_000;

/** Three in four are upsertions, as in a shop that writes all day; the others spread over all kinds. */
function kindOf(index: number): TaskKind {
  if (index % 4 !== 0) return 'upsertion';
  return TaskKind.options[(index / 4) % TaskKind.options.length] ?? 'upsertion';
}

function statusOf(index: number): TaskStatus {
  // The golden ratio spreads the statuses evenly over time.
  let left = (index * 0.618_033_988_749_895) % 1;
  for (const [status, share] of settled) {
    if (left < share) return status;
    left -= share;
  }
  return 'done';
}

/** A stored task as it would be `index` seconds after the first; every rollout has ten. */
export function makeTask(index: number, start: number): Document {
  const kind = kindOf(index);
  const status = statusOf(index);
  const createdAt = new Date(start + index * secondMs);
  const hasError = ['failed', 'refused', 'canceled'].includes(status);
  const message = `${messages[index % messages.length]} (request ${index})`;
  const hasRollout = 'reindex,evaluation,deployment,verification,switch'.includes(kind);
  return {
    _id: `tsk_${index.toString(16).padStart(32, '0')}`,
    ...{ kind, status, priority: 'normal', attempt: 1, attemptsMax: jobCatalog[kind].attemptsMax },
    ...{ leaseUntil: null, idempotencyKey: `bench:${index}`, dispatchedAt: createdAt, notBefore: null },
    inputJson: JSON.stringify({ items: [{ id: `item-${index}`, title: 'A title', text: 'A text', payload: {} }] }),
    ...{ checkpointJson: null, progress: { done: 1, total: 1, note: 'items written', secondsLeft: 0 } },
    ...{ resultJson: status === 'done' ? '{"items":1,"failed":0}' : null, failures: [], cancelRequested: false },
    error: hasError ? { code: 'INTERNAL', message } : null,
    ...{ createdAt, updatedAt: createdAt, startedAt: createdAt, finishedAt: createdAt, workerId: null, attempts: [] },
    ...(hasRollout ? { subjects: [`rol_${Math.floor(index / 40)}`] } : {}),
  };
}
