'use client';

import { TextFilter } from '@/sessions/text-filter';
import { Card } from '@/ui/card';
import { DataTable } from '@/ui/data-table';
import { ErrorState } from '@/ui/error-state';
import { formatCount } from '@/ui/format-number';
import { Segmented } from '@/ui/segmented';
import { SkeletonRows } from '@/ui/skeleton';
import { useListKeys } from '@/ui/use-list-keys';
import { useNarrow } from '@/ui/use-narrow';
import { columnsOf } from './query-columns';
import { QueryPeek } from './query-peek';
import { type AnalyticsState, type ChangeAnalytics, orders, type QueryOrder } from './use-analytics';
import { type QueryRows, useQueryRows } from './use-query-rows';

const words: Record<QueryOrder, { title: string; hint: string; nothing: string }> = {
  frequent: {
    title: 'Top',
    hint: 'What people look for most.',
    nothing: 'No searches in this period.',
  },
  losers: {
    title: 'Losing clicks',
    hint: 'Clicked less than in the period before; at least 20 answered searches in both.',
    nothing: 'No query with 20 answered searches in both periods is clicked less than before.',
  },
  unsatisfied: {
    title: 'Losing satisfaction',
    hint: 'Satisfied less than in the period before; at least 20 answered searches in both, and dwell times.',
    nothing: 'No query with 20 answered searches and dwell times in both periods satisfies less than before.',
  },
  zero: {
    title: 'No results',
    hint: 'Asked for, and nothing found.',
    nothing: 'Every search of this period found something.',
  },
  unclicked: {
    title: 'No clicks',
    hint: 'Answered, and nothing wanted of the answer.',
    nothing: 'Every answered search of this period was clicked.',
  },
};

/** Queries by what is good or wrong with them; a row opens beside the list. */
export function QueryLists({ state, change }: { state: AnalyticsState; change: ChangeAnalytics }) {
  const found = useQueryRows(state);
  const { title, hint } = words[state.list];
  const open = (query: string | null) => change({ query });
  useListKeys(
    found.rows.map(({ query }) => query),
    state.query,
    open,
  );
  return (
    <Card
      title="Queries"
      hint={`${hint}${found.total === null ? '' : ` ${formatCount(found.total)} queries.`}`}
      isFlush
    >
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2 border-b px-4 py-3">
        <div className="max-w-full overflow-x-auto">
          <Segmented
            label="List of queries"
            value={state.list}
            options={orders.map((order) => ({ value: order, title: words[order].title }))}
            onChange={(list) => change({ list, query: null })}
          />
        </div>
        <div className="w-full sm:w-56">
          <TextFilter label="Query contains" value={state.words} onChange={(next) => change({ words: next })} />
        </div>
      </div>
      <Rows {...{ found, state, open, title }} />
      {state.query !== null && <QueryPeek {...{ query: state.query, found, open, metric: state.metric }} />}
    </Card>
  );
}

interface RowsProps {
  found: QueryRows;
  state: AnalyticsState;
  title: string;
  open(query: string | null): void;
}

function Rows({ found, state, title, open }: RowsProps) {
  const isNarrow = useNarrow();
  if (found.error !== null) return <ErrorState error={found.error} onRetry={found.retry} />;
  if (found.isPending) return <SkeletonRows rows={10} />;
  const nothing = state.words === '' ? words[state.list].nothing : `No query of this list has “${state.words}” in it.`;
  return (
    <DataTable
      label={`Queries: ${title}`}
      columns={columnsOf(state.list, isNarrow)}
      rows={found.rows}
      rowKey={({ query }) => query}
      rowHeight={36}
      height="28rem"
      openKey={state.query}
      onOpen={({ query }) => open(query)}
      onEndReached={found.loadMore}
      isLoadingMore={found.isLoadingMore}
      empty={<p className="px-4 py-12 text-center text-ink-faint">{nothing}</p>}
    />
  );
}
