import type { JobConsumer } from './connection.ts';

const restMs = 1_000;

/**
 * BullMQ asks a Postgres that refuses again at once, and again, without a turn for anything else in the process. Each
 * error pauses the consumer for a second instead. Returns what ends that for good.
 */
export function backOff(consumer: JobConsumer, isWanted: () => boolean): () => void {
  let timer: NodeJS.Timeout | null = null;
  let isOver = false;
  consumer.on('error', () => {
    if (isOver || timer !== null || consumer.isPaused()) return;
    void consumer.pause(true);
    timer = setTimeout(() => {
      timer = null;
      if (isWanted()) consumer.resume();
    }, restMs);
  });
  return () => {
    isOver = true;
    if (timer !== null) clearTimeout(timer);
  };
}
