'use client';

import { useQuery } from '@tanstack/react-query';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { ChartFrame } from '@/ui/chart-frame';
import { QueryView } from '@/ui/query-view';
import { Select } from '@/ui/select';
import { SkeletonRows } from '@/ui/skeleton';
import type { Experiment, Slices } from './experiment-types';
import { metricOf } from './experiment-words';
import { IntervalPlot } from './interval-plot';
import { type IntervalRow, senseOf } from './interval-rows';
import { ResultsTable } from './results-table';

const bys = ['query', 'seen', 'answer', 'device', 'surface', 'category'] as const;
const titles: Record<(typeof bys)[number], string> = {
  query: 'Frequent and rare queries',
  seen: 'Queries asked before, and new ones',
  answer: 'How the list was made',
  device: 'Device',
  surface: 'Surface',
  category: 'Category',
};

/** The primary metric by parts of the traffic. */
export function SlicesCard({ experiment, readoutId }: { experiment: Experiment; readoutId: string }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const experimentId = experiment.id;
  const [by, setBy] = useQueryState('slice', parseAsStringLiteral(bys).withDefault('query'));
  const query = useQuery({
    queryKey: [...trpc.experiment.sliceReadout.queryKey({ experimentId, by }), readoutId],
    queryFn: ({ signal }) => client.experiment.sliceReadout.query({ experimentId, by }, { signal }),
  });
  const view = (show: (rows: IntervalRow[]) => React.ReactNode) => (
    <QueryView query={query} skeleton={<SkeletonRows rows={3} />}>
      {(found) => (found.slices.length === 0 ? <NoSlices /> : show(sliceRows(found)))}
    </QueryView>
  );
  return (
    <ChartFrame
      title="Slices"
      hint={`${metricOf(experiment.definition.primaryMetric).title} by parts of the traffic: to find where an effect comes from, not to decide by`}
      height="auto"
      actions={
        <Select
          label="Slices by"
          className="h-7 text-xs"
          value={by}
          options={bys.map((value) => ({ value, title: titles[value] }))}
          onChange={(value) => void setBy(value)}
        />
      }
      chart={view((rows) => <IntervalPlot rows={rows} />)}
      table={view((rows) => <ResultsTable rows={rows} />)}
    />
  );
}

function NoSlices() {
  return <p className="text-ink-faint">No search of the experiment says this of itself.</p>;
}

function sliceRows({ metric, slices }: Slices): IntervalRow[] {
  const { better } = metricOf(metric);
  return slices.flatMap(({ slice, arms }) =>
    arms.map(({ arm, result }) => ({
      ...{ id: `${slice}:${arm}`, metric, title: slice, arm, result, isBreached: false, limit: null },
      sense: senseOf(result, better),
    })),
  );
}
