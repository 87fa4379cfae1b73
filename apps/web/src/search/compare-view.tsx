'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/trpc/client';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { gridStyle } from './board-grid';
import { BoardSkeleton } from './board-skeleton';
import { ColumnHeads } from './column-heads';
import { CompareBoard } from './compare-board';
import { HitPeek } from './hit-peek';
import { PairSummary } from './pair-summary';
import { QueryBar } from './query-bar';
import type { Playground } from './use-playground';

/** One query, every column: lists with lines between them, and what changed from one to the next. */
export function CompareView({ playground, gatewayUrl }: { playground: Playground; gatewayUrl: string }) {
  const { q, columns, limit, session } = playground;
  const isAsked = q.trim() !== '' || session !== null;
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery(
    useTRPC().playground.compareSearches.queryOptions(
      { query: q.trim() === '' ? undefined : q, settings: columns, limit, sessionId: session ?? undefined },
      { enabled: isAsked, placeholderData: keepPreviousData, staleTime: 60_000 },
    ),
  );
  const shown = columns.length + (session === null ? 0 : 1);
  const compared = data?.columns.length === shown ? data : undefined;
  return (
    <div className="space-y-4" aria-busy={(isAsked && !compared && !error) || undefined}>
      <QueryBar {...{ playground, isFetching, gatewayUrl }} />
      {!isAsked && <FirstSteps />}
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {compared && shown > 1 && <PairSummary compared={compared} />}
      {!error && (
        <section aria-label="Columns" className="relative -mx-4 overflow-x-auto px-4 pb-2 sm:-mx-6 sm:px-6">
          <div style={gridStyle(shown)}>
            <ColumnHeads playground={playground} compared={compared} />
            {compared && isAsked && (
              <CompareBoard compared={compared} playground={playground} isStale={isPlaceholderData} />
            )}
            {!compared && isAsked && <BoardSkeleton columns={shown} rows={limit} />}
          </div>
        </section>
      )}
      {compared && <HitPeek compared={compared} playground={playground} />}
    </div>
  );
}

function FirstSteps() {
  return (
    <Card>
      <EmptyState title="Ask something your users ask">
        Type a query to see what the live collection answers. Add a column to compare it with another collection, other
        weights or a filter. Press 0–3 on a result to judge it: the query joins the golden set, and every column gets
        its nDCG.
      </EmptyState>
    </Card>
  );
}
