'use client';

import type { FineTuningDetail, TrainingRowPage } from '@embedding-studio/core';
import { Rows3 } from 'lucide-react';
import { parseAsInteger, useQueryState } from 'nuqs';
import { useRefusal } from '@/shell/signed-in-user';
import { Card } from '@/ui/card';
import { DataTable } from '@/ui/data-table';
import { EmptyState } from '@/ui/empty-state';
import { formatCount } from '@/ui/format-number';
import { QueryView } from '@/ui/query-view';
import { rowColumns } from './row-columns';
import { RowExport } from './row-export';
import { RowFilters } from './row-filters';
import { RowPeek } from './row-peek';
import { useRowFilter, useTrainingRows } from './use-training-rows';

type Job = Pick<FineTuningDetail, 'jobId' | 'status'>;

/** Every row that a training was, or would have been, given: with its label, its weight and why. */
export function TrainingRows({ job }: { job: Job }) {
  const refusal = useRefusal('analyst');
  if (refusal === null) return <RowList job={job} />;
  return (
    <Card title="Training rows">
      <EmptyState icon={Rows3} title="The rows behind a training are for analysts and above">
        {refusal}
      </EmptyState>
    </Card>
  );
}

function RowList({ job }: { job: Job }) {
  const { fields, isFiltered } = useRowFilter();
  const isWaiting = job.status === 'pending' || job.status === 'processing';
  const { query, first, rows, more } = useTrainingRows(job.jobId, fields, isWaiting);
  const [openNumber, setOpen] = useQueryState('row', parseAsInteger);
  const at = rows.findIndex(({ number }) => number === openNumber);
  const open = rows[at];
  const goTo = (row: (typeof rows)[number] | undefined) => row && (() => void setOpen(row.number));
  const summary = first?.summary ?? null;
  return (
    <Card
      title="Training rows"
      hint={summary === null ? 'Every shown result, how it was labelled and why' : sayHint(summary)}
      actions={<RowExport jobId={job.jobId} isDisabled={summary === null} />}
      isFlush
    >
      {summary !== null && <RowFilters summary={summary} />}
      <QueryView query={query}>
        {() => (
          <section className="overflow-x-auto" aria-label="Training rows, as wide as they are" tabIndex={-1}>
            <div className="min-w-[62rem]">
              <DataTable
                label="Training rows"
                columns={rowColumns}
                rows={rows}
                rowKey={({ number }) => String(number)}
                openKey={openNumber === null ? null : String(openNumber)}
                onOpen={({ number }) => void setOpen(number)}
                onEndReached={more}
                isLoadingMore={query.isFetchingNextPage}
                rowHeight={34}
                height="32rem"
                empty={<NoRows isKnown={summary !== null} isWaiting={isWaiting} isFiltered={isFiltered} />}
              />
            </div>
          </section>
        )}
      </QueryView>
      {summary !== null && rows.length > 0 && (
        <p className="nums border-t px-4 py-2 text-ink-faint text-xs" data-testid="row-count">
          {formatCount(rows.length)} rows shown{first?.total != null && `, of ${formatCount(first.total)}`}
        </p>
      )}
      {open !== undefined && (
        <RowPeek
          row={open}
          onClose={() => void setOpen(null)}
          onPrevious={goTo(rows[at - 1])}
          onNext={goTo(rows[at + 1])}
        />
      )}
    </Card>
  );
}

function sayHint({ rows, rowsUsed, sessions, hash }: NonNullable<TrainingRowPage['summary']>): string {
  return `${formatCount(rowsUsed)} of ${formatCount(rows)} rows from ${formatCount(sessions)} sessions were trained on; SHA-256 ${hash.slice(0, 12)}…`;
}

function NoRows({ isKnown, isWaiting, isFiltered }: { isKnown: boolean; isWaiting: boolean; isFiltered: boolean }) {
  if (isKnown && isFiltered)
    return (
      <EmptyState icon={Rows3} title="No row matches">
        Clear a filter to see more.
      </EmptyState>
    );
  return (
    <EmptyState icon={Rows3} title={isWaiting ? 'Not frozen yet' : 'No rows were kept'}>
      {isWaiting
        ? 'The rows are frozen when training begins, and shown here.'
        : 'This training ended before it had rows, or is older than their keeping.'}
    </EmptyState>
  );
}
