import { X } from 'lucide-react';
import { Button } from '@/ui/button';
import { formatCount } from '@/ui/format-number';
import { Segmented } from '@/ui/segmented';
import type { ChangeFilter, FilterState } from './use-session-filter';

/** The items that sessions have to have touched, as somebody chose them elsewhere. */
export function TouchedItems({ state, change }: { state: FilterState; change: ChangeFilter }) {
  const { items, touch } = state;
  if (items.length === 0) return null;
  const named = items.slice(0, 3).join(', ');
  const title = items.length === 1 ? `Item ${named}` : `Any of ${formatCount(items.length)} items`;
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-ink-soft text-xs">Touched items</legend>
      <p className="mb-2 flex items-center gap-1 rounded-md bg-accent-soft py-0.5 pr-0.5 pl-2 text-accent text-xs">
        <span className="min-w-0 flex-1 truncate" title={items.slice(0, 20).join(', ')}>
          {title}
        </span>
        <Button
          kind="quiet"
          size="icon"
          aria-label="Take the items out of the filter"
          onClick={() => change({ items: [], touch: 'shown' })}
        >
          <X aria-hidden />
        </Button>
      </p>
      <Segmented
        label="What happened to the items"
        value={touch}
        options={[
          { value: 'shown', title: 'Shown' },
          { value: 'clicked', title: 'Clicked' },
        ]}
        onChange={(next) => change({ touch: next })}
      />
    </fieldset>
  );
}
