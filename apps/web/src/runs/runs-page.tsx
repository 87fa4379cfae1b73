'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Page } from '@/shell/page';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { ErrorState } from '@/ui/error-state';
import { LabelledSelect } from '@/ui/labelled-select';
import { SavedViews } from '@/ui/saved-views';
import { ChartsView } from './charts-view';
import { usualColumns } from './column-picker';
import { DiffView } from './diff-view';
import { NoRuns } from './no-runs';
import { ParallelView } from './parallel-view';
import { RunPeek } from './run-peek';
import { RunsTable } from './runs-table';
import { RunsToolbar } from './runs-toolbar';
import { mainMetricOf, neededColumns, useRunColumns, useRuns } from './use-runs';
import { useRunsState } from './use-runs-state';

const hint = 'What was tried, how it went, and what made the difference.';

/** Everything that training tracked, one experiment at a time. */
export function RunsPage() {
  const [state, change] = useRunsState();
  const trpc = useTRPC();
  const listed = useQuery({
    ...trpc.run.listExperiments.queryOptions({ limit: 200 }),
    placeholderData: keepPreviousData,
  });
  const experiments = listed.data?.experiments ?? [];
  const experiment =
    experiments.find(({ experimentId }) => experimentId === state.experiment) ?? experiments[0] ?? null;
  const experimentId = experiment?.experimentId ?? null;
  const baselineRunId = experiment?.baselineRunId ?? null;
  const columns = useRunColumns(experimentId);
  const mainMetric = mainMetricOf(columns);
  const shown = state.columns ?? usualColumns(columns, mainMetric);
  const wanted = useMemo(
    () => neededColumns(columns, { view: state.view, shown, group: state.group }),
    [columns, state.view, shown, state.group],
  );
  // Table and axes have to know the columns before they ask for runs.
  const isReady = columns !== undefined || state.view === 'charts' || state.view === 'diff';
  const query = useRuns(isReady ? experimentId : null, state, { columns: wanted, isWhole: state.view !== 'table' });
  const refusal = useRefusal('engineer');
  const at = query.runs.findIndex(({ runId }) => runId === state.run);
  const opener = (place: number) => {
    const runId = at < 0 ? undefined : query.runs[place]?.runId;
    return runId === undefined ? undefined : () => void change({ run: runId });
  };
  if (listed.error)
    return (
      <Page title="Runs" hint={hint}>
        <ErrorState error={listed.error} onRetry={() => void listed.refetch()} />
      </Page>
    );
  if (listed.data && experiment === null) return <NoRuns hint={hint} />;
  const diffIds = [...new Set([...(baselineRunId ? [baselineRunId] : []), ...state.marked])];
  const baseline = query.runs.find(({ runId }) => runId === baselineRunId) ?? null;
  const own = { marked: [], run: null, columns: null, metrics: null, axes: null, brush: [], from: null, to: null };
  return (
    <Page
      title="Runs"
      hint={hint}
      actions={
        <>
          <SavedViews page="runs" ignored={['run']} />
          <LabelledSelect
            label="Experiment"
            value={experimentId ?? ''}
            choices={experiments.map(({ experimentId: value, name }) => ({ value, label: name }))}
            onChange={(value) => void change({ ...own, experiment: value })}
          />
        </>
      }
    >
      <RunsToolbar {...{ query, columns, shown, state, change }} />
      {query.error && <p className="mb-3 text-bad">{query.error.message}</p>}
      {state.view === 'charts' && <ChartsView {...{ query, columns, state, change, baselineRunId }} />}
      {state.view === 'table' && <RunsTable {...{ query, shown, state, change, baseline }} />}
      {state.view === 'parallel' && <ParallelView {...{ query, columns, mainMetric, state, change }} />}
      {state.view === 'diff' && <DiffView runIds={diffIds} {...{ baselineRunId, state, change }} />}
      {state.run !== null && (
        <RunPeek
          runId={state.run}
          {...{ baselineRunId, refusal }}
          onClose={() => void change({ run: null })}
          onPrevious={opener(at - 1)}
          onNext={opener(at + 1)}
        />
      )}
    </Page>
  );
}
