'use client';

import { Database } from 'lucide-react';
import type { ReactNode } from 'react';
import { Badge } from '@/ui/badge';
import { Card } from '@/ui/card';
import { type Column, DataTable } from '@/ui/data-table';
import { EmptyState } from '@/ui/empty-state';
import { formatCount } from '@/ui/format-number';
import { QueryView } from '@/ui/query-view';
import { StatusBadge } from '@/ui/status-badge';
import { Time } from '@/ui/time';
import { nextAction } from './next-action';
import { SourcePeek } from './source-peek';
import { type SourceRow, useSources } from './use-sources';

const columns: Column<SourceRow>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(9rem, 1.4fr)',
    cell: ({ source }) => <span className="font-medium">{source.name}</span>,
  },
  { id: 'loader', header: 'Kind', width: '6rem', cell: ({ source }) => <Badge>{source.loader}</Badge> },
  {
    id: 'status',
    header: 'Last sync',
    width: '7.5rem',
    cell: ({ lastSync }) => (lastSync === null ? <Badge>never</Badge> : <StatusBadge status={lastSync.status} />),
  },
  {
    id: 'at',
    header: 'When',
    width: '7rem',
    cell: ({ lastSync }) => <Time at={lastSync?.finishedAt ?? lastSync?.createdAt} />,
  },
  {
    id: 'rows',
    header: 'Rows read',
    width: '5.5rem',
    align: 'right',
    cell: ({ lastSync }) => formatCount(lastSync?.rows),
  },
  {
    id: 'deleted',
    header: 'Deleted',
    width: '5rem',
    align: 'right',
    cell: ({ lastSync }) => formatCount(lastSync?.deleted),
  },
  {
    id: 'failed',
    header: 'Failed',
    width: '5rem',
    align: 'right',
    cell: ({ lastSync }) => (
      <span className={lastSync?.failed ? 'font-medium text-bad' : ''}>{formatCount(lastSync?.failed)}</span>
    ),
  },
  {
    id: 'next',
    header: 'What to do next',
    width: 'minmax(9rem, 1.4fr)',
    cell: (row) => <span className="text-ink-soft">{nextAction(row).text}</span>,
  },
];

export interface SourceListProps {
  open: string | null;
  onOpen: (id: string | null) => void;
  onEdit: (id: string) => void;
  /** The button that adds a source, for the empty list. */
  add: ReactNode;
}

export function SourceList({ open, onOpen, onEdit, add }: SourceListProps) {
  const { query, rows } = useSources();
  const at = rows.findIndex(({ source }) => source.id === open);
  const current = rows[at];
  const goTo = (row: SourceRow | undefined) => row && (() => onOpen(row.source.id));
  return (
    <Card isFlush>
      <QueryView query={query}>
        {() => (
          <div className="overflow-x-auto">
            <div className={rows.length > 0 ? 'min-w-[46rem]' : ''}>
              <DataTable
                label="Data sources"
                columns={columns}
                rows={rows}
                rowKey={({ source }) => source.id}
                openKey={open}
                onOpen={({ source }) => onOpen(source.id)}
                onEndReached={() => query.hasNextPage && !query.isFetching && void query.fetchNextPage()}
                isLoadingMore={query.isFetchingNextPage}
                empty={
                  <EmptyState icon={Database} title="No data source yet" action={add}>
                    A source is a bucket, a folder, a database table or a document on the web. Add one, map its fields
                    to items, and the first sync fills every collection.
                  </EmptyState>
                }
              />
            </div>
          </div>
        )}
      </QueryView>
      {current !== undefined && (
        <SourcePeek
          row={current}
          onClose={() => onOpen(null)}
          onPrevious={goTo(rows[at - 1])}
          onNext={goTo(rows[at + 1])}
          onEdit={() => onEdit(current.source.id)}
        />
      )}
    </Card>
  );
}
