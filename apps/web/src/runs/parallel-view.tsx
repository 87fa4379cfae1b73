'use client';

import type { RunColumns } from '@embedding-studio/core';
import { ArrowDownUp, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useWidth } from '@/charts/use-width';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { LabelledSelect } from '@/ui/labelled-select';
import { Skeleton } from '@/ui/skeleton';
import { AxisBrush } from './axis-brush';
import { createAxis, defaultAxes, isInside, type ParallelAxis, readBrushes, writeBrushes } from './parallel-axes';
import { ParallelLines } from './parallel-lines';
import { toggle } from './runs-table';
import type { RunsQuery } from './use-runs';
import type { ChangeRunsState, RunsState } from './use-runs-state';

export interface ParallelViewProps {
  query: RunsQuery;
  columns: RunColumns | undefined;
  mainMetric: string | null;
  state: RunsState;
  change: ChangeRunsState;
}

const height = 380;
const edge = { top: 12, bottom: 16, side: 56 };
const axisWidthMin = 132;

/** Every run as a line through its params and metrics. Dragging over an axis keeps the runs within; others fade. */
export function ParallelView({ query, columns, mainMetric, state, change }: ParallelViewProps) {
  const [frame, width] = useWidth();
  const [focus, setFocus] = useState<string | null>(null);
  const { marked, flipped, logAxes, tint: wanted, axes: chosen } = state;
  const runs = useMemo(
    () => (marked.length > 0 ? query.runs.filter(({ runId }) => marked.includes(runId)) : query.runs),
    [query.runs, marked],
  );
  const keys = useMemo(() => chosen ?? defaultAxes(columns, mainMetric), [chosen, columns, mainMetric]);
  const axes = useMemo(
    () => keys.map((key) => createAxis(key, runs, { flipped, logAxes })),
    [keys, runs, flipped, logAxes],
  );
  const brushes = useMemo(() => readBrushes(state.brush), [state.brush]);
  const inside = useMemo(() => runs.filter((run) => isInside(run, axes, brushes)), [runs, axes, brushes]);
  const tintKey = wanted ?? (mainMetric === null ? null : `metrics.${mainMetric}`);
  const tint = useMemo(
    () => (tintKey === null ? null : createAxis(tintKey, runs, { flipped: [], logAxes })),
    [tintKey, runs, logAxes],
  );
  const wide = Math.max(width, 2 * edge.side + axisWidthMin * Math.max(1, axes.length - 1));
  const places = useMemo(
    () => axes.map((_, at) => edge.side + ((wide - 2 * edge.side) * at) / Math.max(1, axes.length - 1)),
    [axes, wide],
  );
  const brushed = (key: string, range: readonly [number, number] | null) => {
    const next = new Map(brushes);
    if (range === null) next.delete(key);
    else next.set(key, range);
    return change({ brush: writeBrushes(next) });
  };
  const choices = columnChoices(columns);
  return (
    <div>
      <ParallelToolbar {...{ choices, keys, tintKey, change }} hasBrush={brushes.size > 0}>
        <span className="nums text-ink-soft text-xs" data-testid="inside-count">
          {inside.length} of {runs.length} runs
        </span>
      </ParallelToolbar>
      <div ref={frame} className="overflow-x-auto rounded-lg border bg-surface">
        {query.isPending ? (
          <Skeleton className="m-4 h-[400px]" />
        ) : runs.length < 2 ? (
          <p className="p-10 text-center text-ink-faint">
            Parallel coordinates compare runs: each is a line through its params to its score. With{' '}
            {runs.length === 1 ? 'one run' : 'no run'} there is nothing to compare: start a second fine-tuning with
            other settings, or search settings in one, and the lines show what mattered.
          </p>
        ) : axes.length < 2 ? (
          <p className="p-10 text-center text-ink-faint">
            Choose at least two axes: params in which runs differ, and the metric that judges them.
          </p>
        ) : (
          <div className="relative" style={{ width: wide }}>
            <div className="flex h-14 border-b">
              {axes.map((axis, at) => (
                <AxisHead key={axis.key} {...{ axis, state, change, keys }} left={places[at] ?? 0} />
              ))}
            </div>
            <div className="relative" style={{ height }}>
              <ParallelLines
                {...{ runs, axes, inside, tint, places, height, edge, focus, width: wide }}
                onFocus={setFocus}
                onOpen={(run) => change({ run })}
              />
              {axes.map((axis, at) => (
                <AxisBrush
                  key={axis.key}
                  axis={axis}
                  left={places[at] ?? 0}
                  {...{ height, edge }}
                  range={brushes.get(axis.key) ?? null}
                  onChange={(range) => brushed(axis.key, range)}
                />
              ))}
            </div>
          </div>
        )}
      </div>
      <p className="mt-2 text-ink-faint text-xs" aria-live="polite">
        {focus === null
          ? 'Drag along an axis, or use its arrow keys, to keep only runs within a range. A click on a line opens its run.'
          : runs.find(({ runId }) => runId === focus)?.name}
      </p>
    </div>
  );
}

function columnChoices(columns: RunColumns | undefined) {
  return [
    ...(columns?.params ?? []).map(({ key }) => ({ value: `params.${key}`, label: key })),
    ...(columns?.metrics ?? []).map(({ key }) => ({ value: `metrics.${key}`, label: key })),
  ];
}

function ParallelToolbar(props: {
  choices: { value: string; label: string }[];
  keys: readonly string[];
  tintKey: string | null;
  hasBrush: boolean;
  change: ChangeRunsState;
  children: React.ReactNode;
}) {
  const { choices, keys, tintKey, hasBrush, change, children } = props;
  const others = choices.filter(({ value }) => !keys.includes(value));
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
      <LabelledSelect label="Colour by" value={tintKey ?? ''} choices={choices} onChange={(tint) => change({ tint })} />
      <LabelledSelect
        label="Add axis"
        value=""
        choices={[{ value: '', label: 'choose' }, ...others]}
        onChange={(key) => key && change({ axes: [...keys, key] })}
      />
      {hasBrush && (
        <Button size="small" kind="quiet" onClick={() => change({ brush: [] })}>
          Clear ranges
        </Button>
      )}
      {children}
    </div>
  );
}

function AxisHead(props: {
  axis: ParallelAxis;
  left: number;
  keys: readonly string[];
  state: RunsState;
  change: ChangeRunsState;
}) {
  const { axis, left, keys, state, change } = props;
  const { key, label } = axis;
  const word = 'h-6 rounded px-1.5 text-2xs';
  return (
    <div className="absolute top-1.5 flex w-28 flex-col items-center" style={{ left: left - 56 }}>
      <span className="max-w-28 truncate font-mono text-xs" title={key}>
        {label}
      </span>
      <span className="flex items-center">
        <Button
          size="icon"
          kind="quiet"
          className="size-6"
          aria-label={`Flip ${label}`}
          aria-pressed={axis.isFlipped}
          onClick={() => change({ flipped: toggle(state.flipped, key) })}
        >
          <ArrowDownUp />
        </Button>
        <button
          type="button"
          aria-label={`log scale of ${label}`}
          aria-pressed={axis.isLog}
          onClick={() => change({ logAxes: toggle(state.logAxes, key) })}
          className={classNames(word, axis.isLog ? 'bg-selected text-ink' : 'text-ink-faint hover:text-ink')}
        >
          log
        </button>
        <Button
          size="icon"
          kind="quiet"
          className="size-6"
          aria-label={`Remove the axis ${label}`}
          onClick={() => change({ axes: keys.filter((other) => other !== key) })}
        >
          <X />
        </Button>
      </span>
    </div>
  );
}
