'use client';

import type { GoldenRun } from '@embedding-studio/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Line } from '@/charts/line';
import { LineChart } from '@/charts/line-chart';
import { LineLegend } from '@/charts/line-legend';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { ChartFrame } from '@/ui/chart-frame';
import { formatCount, formatDecimal, formatDelta } from '@/ui/format-number';
import { LabelledSelect } from '@/ui/labelled-select';
import { type PlainColumn, PlainTable } from '@/ui/plain-table';
import { QueryView } from '@/ui/query-view';
import { Skeleton } from '@/ui/skeleton';
import { Time } from '@/ui/time';
import { toast } from '@/ui/toast';

const renewMs = 15_000;
const periods = [
  { value: 'day', label: 'every day' },
  { value: 'week', label: 'every week' },
  { value: 'off', label: 'only on demand' },
];
const drops = ['0.01', '0.02', '0.05', '0.1'].map((value) => ({ value, label: value }));

/** How the live search did by the golden set, run by run. */
export function GoldenSeries() {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.judgement.getGoldenRuns.queryOptions(), refetchInterval: renewMs });
  return (
    <QueryView query={query} skeleton={<Skeleton className="h-72 rounded-lg" />}>
      {({ runs, policy, alert, isRunning }) => (
        <ChartFrame
          title="The live search by the golden set"
          hint="nDCG@10, MRR and the share of shown items that are judged"
          height={runs.length === 0 ? 96 : 240}
          actions={<GoldenActions policy={policy} isRunning={isRunning} />}
          chart={
            <>
              {alert !== null && (
                <p role="alert" className="mb-2 flex flex-wrap items-center gap-2 text-xs">
                  <Badge tone="bad">drop</Badge> {alert.words} <Time at={alert.at} />
                </p>
              )}
              {runs.length === 0 ? <NoRuns /> : <SeriesChart runs={runs} height={alert === null ? 236 : 206} />}
            </>
          }
          table={<PlainTable caption="Runs of the golden set" columns={columns} rows={runs} rowKey={({ id }) => id} />}
        />
      )}
    </QueryView>
  );
}

function NoRuns() {
  return (
    <p className="py-6 text-center text-ink-faint text-xs">
      No run yet. Judge some queries, then press “Run now”: each run asks the live search all of them.
    </p>
  );
}

function SeriesChart({ runs, height }: { runs: GoldenRun[]; height: number }) {
  const lines = useMemo(() => {
    const known = runs.filter(({ ndcg10 }) => ndcg10 !== null).toReversed();
    const x = known.map(({ at }) => at.getTime());
    const line = (id: 'ndcg10' | 'mrr10' | 'judged10', label: string, color: number): Line => ({
      ...{ id, label, color, x, isDashed: id === 'judged10', emphasis: id === 'ndcg10' ? 'strong' : 'normal' },
      y: known.map((run) => run[id] ?? Number.NaN),
    });
    return [line('ndcg10', 'nDCG@10', 1), line('mrr10', 'MRR@10', 2), line('judged10', 'judged share', 3)];
  }, [runs]);
  return (
    <>
      <LineChart
        label="The live search by the golden set over time"
        lines={lines}
        height={height}
        yRange={[0, 1]}
        formatX={day}
        formatY={twoDigits}
      />
      <LineLegend lines={lines} />
    </>
  );
}

const twoDigits = (value: number): string => formatDecimal(value, 2);
const day = (time: number): string =>
  new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

const columns: PlainColumn<GoldenRun>[] = [
  { id: 'at', header: 'Run', cell: ({ at }) => <Time at={at} /> },
  { id: 'queries', header: 'Queries', align: 'right', cell: ({ queries }) => formatCount(queries) },
  { id: 'ndcg10', header: 'nDCG@10', align: 'right', cell: ({ ndcg10 }) => formatDecimal(ndcg10, 4) },
  { id: 'mrr10', header: 'MRR@10', align: 'right', cell: ({ mrr10 }) => formatDecimal(mrr10, 4) },
  { id: 'judged10', header: 'Judged share', align: 'right', cell: ({ judged10 }) => formatDecimal(judged10, 3) },
  {
    ...{ id: 'change', header: 'Change (95 %)', align: 'right' },
    cell: ({ change }) =>
      change === null
        ? '–'
        : `${formatDelta(change.mean, 3)} (${formatDelta(change.lo, 3)} to ${formatDelta(change.hi, 3)})`,
  },
  { id: 'alert', header: '', cell: ({ change }) => change?.isAlert === true && <Badge tone="bad">drop</Badge> },
];

function GoldenActions(props: { policy: { every: 'off' | 'day' | 'week'; dropMin: number }; isRunning: boolean }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [refusal, policyRefusal] = [useRefusal('analyst'), useRefusal('admin')];
  const renew = () => queries.invalidateQueries(trpc.judgement.getGoldenRuns.pathFilter());
  const run = useMutation(
    trpc.judgement.requestGoldenRun.mutationOptions({
      onSuccess: () => {
        toast.success('The golden set is being asked');
        return renew();
      },
      onError: (error) => toast.error(`Not started: ${error.message}`),
    }),
  );
  const update = useMutation(
    trpc.judgement.updateGoldenPolicy.mutationOptions({
      onSuccess: renew,
      onError: (error) => toast.error(`Not changed: ${error.message}`),
    }),
  );
  const change = (policy: Parameters<typeof update.mutate>[0]) =>
    policyRefusal === null ? update.mutate(policy) : toast.error(policyRefusal);
  return (
    <span className="flex flex-wrap items-center justify-end gap-2">
      <LabelledSelect
        label="Asked"
        value={props.policy.every}
        choices={periods}
        onChange={(every) => change({ every: every as 'off' | 'day' | 'week' })}
      />
      <LabelledSelect
        label="Alert at a fall of"
        value={String(props.policy.dropMin)}
        choices={drops}
        onChange={(dropMin) => change({ dropMin: Number(dropMin) })}
      />
      <Button
        size="small"
        disabled={refusal !== null || props.isRunning}
        title={refusal ?? undefined}
        isPending={run.isPending || props.isRunning}
        onClick={() => run.mutate()}
      >
        Run now
      </Button>
    </span>
  );
}
