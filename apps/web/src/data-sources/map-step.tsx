'use client';

import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTRPC } from '@/trpc/client';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { ErrorState } from '@/ui/error-state';
import { PlainTable } from '@/ui/plain-table';
import { SkeletonRows } from '@/ui/skeleton';
import { ComposedItem } from './composed-item';
import type { StepProps } from './connect-step';
import { MappingForm } from './mapping-form';
import { guessMapping, targetOf } from './source-draft';
import type { Preview } from './use-sources';

/** The first rows, which fields make an item, and the item that they make. */
export function MapStep({ draft, change, sourceId }: StepProps) {
  const trpc = useTRPC();
  const preview = useMutation(trpc.dataSource.previewDataSource.mutationOptions());
  const target = JSON.stringify(targetOf(draft, sourceId));
  const { mutate } = preview;
  useEffect(() => {
    const timer = setTimeout(() => mutate(JSON.parse(target)), 250);
    return () => clearTimeout(timer);
  }, [target, mutate]);
  const [shown, setShown] = useState<Preview | null>(null);
  const isGuessed = useRef(sourceId !== null || isMapped(draft.mapping));
  useEffect(() => {
    if (preview.data === undefined) return;
    setShown(preview.data);
    if (isGuessed.current) return;
    isGuessed.current = true;
    change({ mapping: guessMapping(preview.data.columns) });
  }, [preview.data, change]);
  if (preview.error !== null) return <ErrorState error={preview.error} onRetry={() => mutate(JSON.parse(target))} />;
  if (shown === null) return <SkeletonRows />;
  return (
    <div className="space-y-5" aria-busy={preview.isPending}>
      <Rows preview={shown} />
      <MappingForm mapping={draft.mapping} columns={shown.columns} onChange={(mapping) => change({ mapping })} />
      <Sample items={shown.items} />
    </div>
  );
}

function isMapped({ id, title, text }: { id: string | null; title: string | null; text: string[] }): boolean {
  return id !== null || title !== null || text.length > 0;
}

function Rows({ preview: { rows, columns } }: { preview: Preview }) {
  return (
    <section>
      <h3 className="mb-2 font-medium">The first {rows.length} rows</h3>
      {rows.length === 0 ? (
        <p className="text-ink-faint">The source has no rows that can be read. Look at its format and path.</p>
      ) : (
        <div className="max-h-56 overflow-y-auto rounded-md border">
          <PlainTable
            caption="The first rows of the source"
            rows={rows}
            rowKey={(_row, index) => String(index)}
            columns={columns.map(({ name, type, isOptional }) => ({
              id: name,
              header: (
                <span className="whitespace-nowrap">
                  <span className="font-mono text-ink">{name}</span> <Badge>{isOptional ? `${type}?` : type}</Badge>
                </span>
              ),
              cell: (row: Record<string, unknown>) => (
                <span className="block max-w-56 truncate">{cellText(row[name])}</span>
              ),
            }))}
          />
        </div>
      )}
    </section>
  );
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function Sample({ items }: { items: Preview['items'] }) {
  const [at, setAt] = useState(0);
  const entry = items[Math.min(at, items.length - 1)];
  if (entry === undefined) return null;
  const faulty = items.filter(({ error }) => error !== null).length;
  return (
    <section>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <h3 className="font-medium">As an item</h3>
        {faulty > 0 && <Badge tone="bad">{faulty} of these rows cannot become items</Badge>}
        <span className="nums ml-auto text-ink-faint text-xs">
          {at + 1} of {items.length}
        </span>
        <Button size="small" disabled={at === 0} onClick={() => setAt(at - 1)}>
          Before
        </Button>
        <Button size="small" disabled={at >= items.length - 1} onClick={() => setAt(at + 1)}>
          Next
        </Button>
      </div>
      <ComposedItem entry={entry} />
    </section>
  );
}
