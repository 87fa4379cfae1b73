'use client';

import { History } from 'lucide-react';
import { Button } from '@/ui/button';
import { Time } from '@/ui/time';

/** Says that what stands below was taken before, and leads back. */
export function OldReadoutNote({ at, onNewest }: { at: Date | null; onNewest: () => void }) {
  return (
    <section
      aria-label="An older read-out"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border bg-sunken px-4 py-2.5"
    >
      <History aria-hidden className="size-4 text-ink-faint" />
      <p className="min-w-0 flex-1 basis-56 text-ink-soft">
        An older read-out{at === null ? '' : ', taken '}
        {at !== null && <Time at={at} />}: the snapshot as it was then.
      </p>
      <Button size="small" onClick={onNewest}>
        Back to the newest
      </Button>
    </section>
  );
}
