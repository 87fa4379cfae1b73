import {
  jobCatalog,
  type Log,
  type QueuePort,
  StudioError,
  type TaskKind,
  type TaskPriority,
} from '@embedding-studio/contracts';
import { createQueueDriver, type JobProducer, type QueueConnection } from './connection.ts';
import { logOnce } from './log-once.ts';

const answerMs = 5_000;

/** The producer side. Connects lazily; every call ends within seconds, with STORE_UNAVAILABLE when the queue is away. */
export function createQueue(connection: QueueConnection, { log }: { log: Log }): QueuePort {
  const driver = createQueueDriver(connection);
  const producers = new Map<TaskKind, JobProducer>();
  const trouble = logOnce(log, 'queue connection');
  const producerOf = (kind: TaskKind): JobProducer => {
    const known = producers.get(kind);
    if (known !== undefined) return known;
    const producer = driver.openProducer(kind);
    producer.on('error', (error) => trouble.failed(error));
    producers.set(kind, producer);
    return producer;
  };
  return {
    async enqueue(kind, taskId, { priority = 'normal' } = {}) {
      if (!(kind in jobCatalog)) throw new StudioError('INTERNAL', `There is no job for ${kind}.`);
      await within(answerMs, deliver(producerOf(kind), { kind, taskId, priority }));
      trouble.worked();
    },
    async close() {
      await Promise.allSettled([...producers.values()].map((producer) => within(answerMs, producer.close())));
      producers.clear();
    },
  };
}

/** BullMQ: the smallest number first, none at all before every number. */
const priorityNumber: Record<TaskPriority, number> = { high: 1, normal: 2, low: 3 };

async function deliver(
  producer: JobProducer,
  job: { kind: TaskKind; taskId: string; priority: TaskPriority },
): Promise<void> {
  const jobId = jobIdOf(job.taskId);
  await removeLeftover(producer, jobId);
  await producer.add(job.kind, { taskId: job.taskId }, { jobId, priority: priorityNumber[job.priority] });
}

/** A job left by a dead worker would swallow the new delivery; one that is running is locked and stays. */
async function removeLeftover(producer: JobProducer, jobId: string): Promise<void> {
  const leftover = await producer.getJob(jobId);
  if (leftover === undefined) return;
  const state = await leftover.getState();
  if (state === 'waiting' || state === 'prioritized') return;
  await leftover.remove().catch(() => undefined);
}

/** BullMQ refuses plain numbers and colons as job ids; clients may choose either as task id. */
function jobIdOf(taskId: string): string {
  return `task-${encodeURIComponent(taskId)}`;
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StudioError('STORE_UNAVAILABLE', `The queue did not answer in ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } catch (cause) {
    throw new StudioError('STORE_UNAVAILABLE', `The queue is away: ${String(cause)}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}
