import type { SourceRow } from './use-sources';

/** What a person would do about a source now. */
export function nextAction({ lastSync }: Pick<SourceRow, 'lastSync'>): {
  text: string;
  kind: 'sync' | 'retry' | 'wait' | 'look';
} {
  if (lastSync === null) return { text: 'Run the first sync', kind: 'sync' };
  if (lastSync.status === 'pending' || lastSync.status === 'processing')
    return { text: 'Wait: a sync is under way', kind: 'wait' };
  if (lastSync.status === 'failed' || lastSync.status === 'refused')
    return { text: lastSync.error?.message ?? 'Look at the error, then sync again', kind: 'look' };
  if (lastSync.failed !== null && lastSync.failed > 0)
    return { text: `Retry the ${lastSync.failed.toLocaleString('en-US')} failed items`, kind: 'retry' };
  return { text: 'Nothing: sync again when the source has changed', kind: 'sync' };
}
