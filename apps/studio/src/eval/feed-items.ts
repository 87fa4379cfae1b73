import type { ItemInput } from '@embedding-studio/contracts';
import { type StudioClient, waitForTask } from '@embedding-studio/sdk';
import type { Progress } from '../terminal/progress.ts';

const itemsPerRequest = 500;
/** Pictures make requests long. */
const picturesPerRequest = 50;

/** Upserts all items; those that fail are counted, not hidden. */
export async function feedItems(input: {
  client: StudioClient;
  items: readonly ItemInput[];
  progress: Progress;
}): Promise<{ failed: number }> {
  const { client, items, progress } = input;
  const taskIds: string[] = [];
  const size = items.some(({ image }) => image !== undefined) ? picturesPerRequest : itemsPerRequest;
  for (let start = 0; start < items.length; start += size) {
    const page = items.slice(start, start + size);
    const task = await client.item.requestUpsertion.mutate({ items: [...page] });
    taskIds.push(task.id);
  }
  let failed = 0;
  for (const [index, taskId] of taskIds.entries()) {
    const task = await waitForTask(client, taskId, { intervalMs: 250 });
    failed += task.failures.length;
    if (index % 5 === 4)
      progress.detail(`${Math.min(items.length, (index + 1) * itemsPerRequest)} of ${items.length} items`);
  }
  if (failed > 0) progress.warn(`${failed} items could not be ingested`);
  return { failed };
}
