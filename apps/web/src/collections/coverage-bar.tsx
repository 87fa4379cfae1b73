import { formatCount, formatShare } from '@/ui/format-number';
import { type CollectionState, coverageOf } from './collection-state';

/** How many items have a vector of their current content here: the lag of dual writes and of a reindex. */
export function CoverageBar({ state }: { state: CollectionState }) {
  const share = coverageOf(state);
  const { stale } = state.counts;
  return (
    <div>
      <div className="mb-1 flex justify-between text-2xs text-ink-faint">
        <span>{stale === 0 ? 'all items current' : `${formatCount(stale)} items behind`}</span>
        <span className="nums">{formatShare(share)}</span>
      </div>
      <div className="h-1 overflow-hidden rounded-full bg-sunken">
        <div
          className={stale === 0 ? 'h-full bg-good' : 'h-full bg-warn'}
          style={{ width: `${(share ?? 0) * 100}%` }}
        />
      </div>
    </div>
  );
}
