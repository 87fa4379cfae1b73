'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/trpc/client';
import { Segmented } from '@/ui/segmented';
import { Select } from '@/ui/select';
import { TextField } from '@/ui/text-field';
import type { StepProps } from './connect-step';

const byWords = ' words';

/** Name, what happens to records that vanish, and how texts become parts. */
export function FinishStep({ draft, change }: StepProps) {
  const trpc = useTRPC();
  const splitters = useQuery(trpc.plugin.listPlugins.queryOptions({ kind: 'splitter' }));
  const options = (splitters.data ?? []).flatMap(({ id, title, status }) =>
    id === null || status !== 'ready' ? [] : [{ value: id, title }],
  );
  return (
    <div className="space-y-5">
      <TextField
        label="Name"
        hint="How it is called in this console."
        value={draft.name}
        autoFocus
        maxLength={200}
        onChange={({ target }) => change({ name: target.value })}
      />
      <div>
        <div className="mb-1 font-medium text-xs">Items whose record has vanished</div>
        <Segmented
          label="Items whose record has vanished"
          value={draft.deletions}
          options={[
            { value: 'keep', title: 'Keep them' },
            { value: 'delete', title: 'Delete them' },
          ]}
          onChange={(deletions) => change({ deletions })}
        />
        <p className="mt-1 max-w-prose text-ink-faint text-xs">
          {draft.deletions === 'keep'
            ? 'An item stays until it is deleted by its id.'
            : 'A full sync deletes the items that only this source has brought and no longer has. If more than 20 % would go at once it stops and says so.'}
        </p>
      </div>
      <div>
        <div className="mb-1 font-medium text-xs">Long texts become parts</div>
        <Select
          label="Long texts become parts"
          className="min-w-56"
          value={draft.processing.splitter?.id ?? byWords}
          options={[{ value: byWords, title: 'By words, as the settings say' }, ...options]}
          onChange={(id) =>
            change({ processing: { ...draft.processing, splitter: id === byWords ? null : { id, config: {} } } })
          }
        />
        <p className="mt-1 text-ink-faint text-xs">
          Each part is embedded alone; a search finds the item by its best part.
        </p>
      </div>
    </div>
  );
}
