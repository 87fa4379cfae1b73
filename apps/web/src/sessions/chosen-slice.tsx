'use client';

import { X } from 'lucide-react';
import { useSliceNames } from '@/analytics/use-slice-names';
import { Button } from '@/ui/button';

const titles: Record<string, string> = {
  ...{ arm: 'Experiment arm', device: 'Device', surface: 'Surface', category: 'Category', answer: 'Answered by' },
};

/** One value that sessions are counted by, as somebody chose it in analytics. */
export function ChosenSlice({ slice, onClear }: { slice: string | null; onClear(): void }) {
  const names = useSliceNames();
  if (slice === null) return null;
  const [dimension = '', ...value] = slice.split(':');
  const text = value.join(':');
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-ink-soft text-xs">{titles[dimension] ?? dimension}</legend>
      <p className="flex items-center gap-1 rounded-md bg-accent-soft py-0.5 pr-0.5 pl-2 text-accent text-xs">
        <span className="min-w-0 flex-1 truncate" title={text}>
          {names.get(text) ?? text}
        </span>
        <Button kind="quiet" size="icon" aria-label="Take it out of the filter" onClick={onClear}>
          <X aria-hidden />
        </Button>
      </p>
    </fieldset>
  );
}
