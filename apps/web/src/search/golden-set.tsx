'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { formatCount } from '@/ui/format-number';
import { Time } from '@/ui/time';
import { GoldenFiles } from './golden-files';
import { GoldenSeries } from './golden-series';
import type { Playground } from './use-playground';

const page = 200;

/** Judged queries, and the whole set as files of other tools. */
export function GoldenSet({ playground }: { playground: Playground }) {
  const client = useTRPCClient();
  const { data, error, fetchNextPage, hasNextPage, isFetching, refetch } = useInfiniteQuery({
    queryKey: [...useTRPC().judgement.listJudgedQueries.pathKey(), 'pages'],
    queryFn: ({ pageParam: after, signal }) =>
      client.judgement.listJudgedQueries.query({ after, limit: page }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.length < page ? undefined : last.at(-1)?.queryKey),
  });
  const queries = data?.pages.flat() ?? [];
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data && queries.length === 0)
    return (
      <Card>
        <EmptyState title="No judgements yet">
          Open a query in “One query” and press 0–3 on its results, or import the judgements you have. Twenty judged
          queries are enough to see whether a change is one for the better.
        </EmptyState>
        <div className="flex justify-center pb-6">
          <GoldenFiles />
        </div>
      </Card>
    );
  return (
    <div className="grid gap-4">
      <GoldenSeries />
      <Card title="Golden set" hint="Queries that somebody has judged" actions={<GoldenFiles canExport />} isFlush>
        <div className="overflow-x-auto">
          <table className="w-full min-w-[32rem] text-xs">
            <thead>
              <tr className="border-b text-left text-ink-faint">
                {['Query', 'Items', 'Relevant', 'Judges', 'Last'].map((title, at) => (
                  <th key={title} scope="col" className={`px-4 py-2 font-normal ${at > 0 ? 'text-right' : ''}`}>
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="nums">
              {queries.map(({ queryKey, query, items, relevant, judges, judgedAt }) => (
                <tr key={queryKey} className="border-b text-right last:border-b-0 hover:bg-hover">
                  <td className="max-w-80 px-4 py-1.5 text-left">
                    <button
                      type="button"
                      className="block w-full truncate text-left hover:underline"
                      onClick={() => void playground.setState({ view: 'compare', q: query, session: null })}
                    >
                      {query}
                    </button>
                  </td>
                  <td className="px-4 py-1.5">{formatCount(items)}</td>
                  <td className="px-4 py-1.5">{formatCount(relevant)}</td>
                  <td className="px-4 py-1.5">{formatCount(judges)}</td>
                  <td className="px-4 py-1.5 text-ink-faint">
                    <Time at={judgedAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {hasNextPage && (
          <div className="border-t p-2 text-center">
            <Button size="small" kind="quiet" isPending={isFetching} onClick={() => void fetchNextPage()}>
              More
            </Button>
          </div>
        )}
      </Card>
    </div>
  );
}
