import { type BulkAction, StudioError, TaskKind, TaskStatus } from '@embedding-studio/contracts';
import type { z } from 'zod';
import type { TaskFilterInput } from './task-filter-input.ts';

/** What each action can be done to. */
const statusesOf: Record<BulkAction, readonly TaskStatus[]> = {
  retry: ['failed', 'refused', 'canceled'],
  cancel: ['pending', 'processing'],
};

/** The filter, narrowed to the tasks that the action can be done to. INPUT_INVALID when that leaves none. */
export function narrowToAction(
  action: BulkAction,
  filter: z.output<typeof TaskFilterInput>,
): z.output<typeof TaskFilterInput> {
  const able = statusesOf[action];
  const statuses = (filter.statuses ?? TaskStatus.options).filter((status) => able.includes(status));
  // A bulk task must not meet itself.
  const kinds = (filter.kinds ?? TaskKind.options).filter((kind) => kind !== 'task_bulk');
  if (statuses.length > 0 && kinds.length > 0) return { ...filter, statuses, kinds };
  throw new StudioError('INPUT_INVALID', `filter.statuses: none of these tasks can be ${action}ed`, {
    field: 'filter.statuses',
    publicMessage: `Only tasks that are ${able.join(', ')} can be ${action === 'retry' ? 'retried' : 'canceled'}; change the filter.`,
  });
}
