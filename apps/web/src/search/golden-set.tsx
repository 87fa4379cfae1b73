'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { formatCount } from '@/ui/format-number';
import { Time } from '@/ui/time';
import { toast } from '@/ui/toast';
import type { Playground } from './use-playground';

const page = 200;

/** Judged queries, and the whole set as TREC qrels. */
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
          Open a query in “One query” and press 0–3 on its results. Twenty judged queries are enough to see whether a
          change is one for the better.
        </EmptyState>
      </Card>
    );
  return (
    <Card title="Golden set" hint="Queries that somebody has judged" actions={<ExportQrels />} isFlush>
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
  );
}

function ExportQrels() {
  const client = useTRPCClient();
  const [isPending, setPending] = useState(false);
  const save = async () => {
    setPending(true);
    try {
      download('golden-set.qrels', await readQrels((after) => client.judgement.exportJudgements.query({ after })));
    } catch (error) {
      toast.error(`Not exported: ${error instanceof Error ? error.message : 'the console did not answer'}`);
    } finally {
      setPending(false);
    }
  };
  return (
    <Button size="small" isPending={isPending} onClick={() => void save()}>
      <Download aria-hidden /> TREC qrels
    </Button>
  );
}

type Place = { queryKey: string; itemId: string } | null;

async function readQrels(readPage: (after: Place) => Promise<{ qrels: string; next: Place }>): Promise<string> {
  const parts: string[] = [];
  for (let after: Place = null; ; ) {
    const { qrels, next } = await readPage(after);
    parts.push(qrels);
    if (next === null) return parts.join('');
    after = next;
  }
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
