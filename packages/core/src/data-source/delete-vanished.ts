import { type DataSourceRecord, type ItemFailure, StudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { deleteAll } from '../item/run-deletion.ts';

/** More than this share of a source at once looks like a fault of the source, not like a tidy-up. */
export const vanishedShareMax = 0.2;
const page = 200;

export interface Vanishing {
  source: DataSourceRecord;
  /** The full sync that has met all that the source has. */
  taskId: string;
  /** Records that it could not tell the item of. */
  unknown: number;
  force: boolean;
  failures: ItemFailure[];
  /** Told after every page. */
  onDeleted(count: number): Promise<void>;
}

/**
 * Deletes the items whose record is gone. They must have come from this source and no other.
 * @throws StudioError TASK_CONFLICT, with nothing deleted, where the source looks broken and `force` is not set
 */
export async function deleteVanished(ctx: Ctx, vanishing: Vanishing): Promise<void> {
  const { source, taskId, failures } = vanishing;
  const { dataSources } = ctx.deps;
  if (!vanishing.force) checkCounts(vanishing, await dataSources.countVanished(source.id, taskId));
  for (;;) {
    ctx.signal?.throwIfAborted();
    const gone = await dataSources.listVanished(source.id, taskId, page);
    if (gone.length === 0) return;
    const deleted = await deleteAll(ctx, gone, failures);
    await dataSources.forgetSeen(source.id, gone);
    await vanishing.onDeleted(deleted);
  }
}

function checkCounts({ unknown }: Vanishing, { known, vanished }: { known: number; vanished: number }): void {
  if (vanished === 0) return;
  if (unknown > 0)
    throw refused(`${unknown} records could not be told apart, so that ${vanished} items may still be there`);
  if (vanished > vanishedShareMax * known)
    throw refused(`${vanished} of ${known} items have vanished, more than ${vanishedShareMax * 100} %`);
}

function refused(why: string): StudioError {
  return new StudioError('TASK_CONFLICT', `All records are written, nothing is deleted: ${why}.`, {
    publicMessage: `All records are written, nothing is deleted: ${why}. Look at the source; sync with force to delete them.`,
  });
}
