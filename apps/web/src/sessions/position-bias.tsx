'use client';

import type { PropensityCurve } from '@embedding-studio/contracts';
import { useQuery } from '@tanstack/react-query';
import { ListOrdered } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useTRPC } from '@/trpc/client';
import { Card } from '@/ui/card';
import { ChartFrame } from '@/ui/chart-frame';
import { CodeBlock } from '@/ui/code-block';
import { EmptyState } from '@/ui/empty-state';
import { FactList } from '@/ui/fact-list';
import { formatCount, formatDecimal, noValue } from '@/ui/format-number';
import { type PlainColumn, PlainTable } from '@/ui/plain-table';
import { QueryView } from '@/ui/query-view';
import { Skeleton } from '@/ui/skeleton';

const BiasChart = dynamic(() => import('./bias-chart'), {
  ssr: false,
  loading: () => <Skeleton className="size-full" />,
});

const title = 'Position bias';
const height = 220;

const methodWords: Record<PropensityCurve['method'], string> = {
  randomised: 'Pages in random order',
  swaps: 'Drawn swaps',
  harvesting: 'Items seen at several ranks',
  em: 'Click model (EM)',
  click_rates: 'Click rates by rank',
  flat: 'None',
};

const vary = `"search_meta": { "order": "random" }     // shuffled
"search_meta": { "swapRank": 4 }         // 1 and 4 swapped by a draw
"search_results": [{ "position": 11 }]   // place over all pages`;

/** How much less lower ranks are looked at, by the newest sessions. */
export function PositionBias() {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.session.getPropensityCurve.queryOptions({}), staleTime: 300_000 });
  return (
    <section aria-label={title} className="mb-4">
      <QueryView query={query} skeleton={<Skeleton className="h-72 w-full" />}>
        {(curve) => (curve.method === 'flat' ? <NoCurve curve={curve} /> : <Curve curve={curve} />)}
      </QueryView>
    </section>
  );
}

function Curve({ curve }: { curve: PropensityCurve }) {
  return (
    <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
      <ChartFrame
        title={title}
        hint="Chance that a rank is looked at, against rank 1; the band holds 95 %."
        height={height}
        chart={<BiasChart points={curve.points} />}
        table={<PlainTable caption={title} columns={columns} rows={curve.points} rowKey={({ rank }) => `${rank}`} />}
      />
      <Card title="How it was found">
        <FactList facts={factsOf(curve)} />
        <p className="mt-3 text-ink-faint text-xs">{curve.reason}</p>
      </Card>
    </div>
  );
}

function NoCurve({ curve }: { curve: PropensityCurve }) {
  return (
    <Card title={title}>
      <EmptyState icon={ListOrdered} title="Not known yet">
        <p>
          People click what stands high because it stands high. How much so shows where the same item stood elsewhere.
        </p>
        <p className="mt-2">{curve.reason}</p>
        {Object.keys(curve.dropped).length > 0 && <p className="mt-2">Left out: {droppedWords(curve)}.</p>}
      </EmptyState>
      <p className="mb-2 text-ink-faint text-xs">What sessions can say about their lists, so that it becomes known:</p>
      <CodeBlock code={vary} label="What sessions can say" />
    </Card>
  );
}

function factsOf(curve: PropensityCurve): [string, string][] {
  return [
    ['Method', methodWords[curve.method]],
    ['Sessions', `${formatCount(curve.sessions)} of ${formatCount(curve.queries)} queries`],
    ['Clicks', formatCount(curve.clicks)],
    ['Debiased, worth', `${formatCount(curve.effectiveClicks)} clicks`],
    ['Left out', droppedWords(curve) || 'none'],
  ];
}

function droppedWords({ dropped }: PropensityCurve): string {
  return Object.entries(dropped)
    .map(([reason, count]) => `${formatCount(count)} ${reason.replaceAll('_', ' ')}`)
    .join(', ');
}

const columns: PlainColumn<PropensityCurve['points'][number]>[] = [
  { id: 'rank', header: 'Rank', align: 'right', cell: ({ rank }) => rank },
  { id: 'theta', header: 'θ', align: 'right', cell: ({ theta }) => formatDecimal(theta, 3) },
  {
    id: 'interval',
    header: '95 %',
    align: 'right',
    cell: ({ lo, hi }) => (
      <span className="whitespace-nowrap">
        {lo === null || hi === null ? noValue : `${formatDecimal(lo, 3)} – ${formatDecimal(hi, 3)}`}
      </span>
    ),
  },
  { id: 'shown', header: 'Shown', align: 'right', cell: ({ shown }) => formatCount(shown) },
  { id: 'clicks', header: 'Clicks', align: 'right', cell: ({ clicks }) => formatCount(clicks) },
  {
    id: 'measured',
    header: 'Measured',
    cell: ({ isCarried, rank }) => (isCarried && rank > 1 ? 'no, as above' : 'yes'),
  },
];
