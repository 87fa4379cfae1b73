'use client';

import type { RunColumns } from '@embedding-studio/core';
import type { RunAxis, Smoothing } from '@embedding-studio/stats/series';
import type { ReactNode } from 'react';
import { LabelledSelect } from '@/ui/labelled-select';
import { Segmented } from '@/ui/segmented';
import { varyingParams } from './use-runs';
import type { ChangeRunsState, RunsState } from './use-runs-state';

const axes: { value: RunAxis; title: ReactNode }[] = [
  { value: 'step', title: 'Step' },
  { value: 'relative', title: <span title="Time since the run started">Relative</span> },
  { value: 'process', title: <span title="Time it was really running, without breaks between attempts">Process</span> },
  { value: 'wall', title: <span title="Time of day">Wall</span> },
];

const smoothings = [
  { value: 'ema', label: 'Time-weighted EMA' },
  { value: 'mean', label: 'Running mean' },
  { value: 'gaussian', label: 'Gaussian' },
  { value: 'none', label: 'No smoothing' },
] as const satisfies readonly { value: Smoothing; label: string }[];

export interface ChartToolbarProps {
  state: RunsState;
  change: ChangeRunsState;
  columns: RunColumns | undefined;
}

export function ChartToolbar({ state, change, columns }: ChartToolbarProps) {
  const params = varyingParams(columns);
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
      <Segmented
        label="Horizontal axis"
        value={state.axis}
        options={axes}
        onChange={(axis) => change({ axis, from: null, to: null })}
      />
      <LabelledSelect
        label="Smoothing"
        value={state.smoothing}
        choices={smoothings}
        onChange={(smoothing) => change({ smoothing: smoothing as Smoothing })}
      />
      {state.smoothing !== 'none' && (
        <label className="inline-flex items-center gap-2 text-ink-faint text-xs">
          <span className="sr-only">Strength of smoothing</span>
          <input
            type="range"
            min={0}
            max={0.99}
            step={0.01}
            value={state.strength}
            onChange={(event) => change({ strength: Number(event.target.value) })}
            className="w-24 accent-(--accent)"
          />
          <span className="nums w-8">{state.strength.toFixed(2)}</span>
        </label>
      )}
      <Check label="Ignore outliers" isOn={state.outliers} onChange={(outliers) => change({ outliers })} />
      <Check label="Log x" isOn={state.logX} onChange={(logX) => change({ logX })} />
      <Check label="Log y" isOn={state.logY} onChange={(logY) => change({ logY })} />
      <LabelledSelect
        label="Group by"
        value={state.group ?? ''}
        choices={[{ value: '', label: 'nothing' }, ...params.map((key) => ({ value: key, label: key }))]}
        onChange={(group) => change({ group: group || null })}
      />
      <LabelledSelect
        label="Show"
        value={String(state.first)}
        choices={[10, 20, 50, 100, 500].map((count) => ({ value: String(count), label: `first ${count}` }))}
        onChange={(first) => change({ first: Number(first) })}
      />
    </div>
  );
}

export function Check(props: { label: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <label className="inline-flex items-center gap-1.5 text-ink-soft text-xs">
      <input
        type="checkbox"
        checked={props.isOn}
        onChange={(event) => props.onChange(event.target.checked)}
        className="accent-(--accent)"
      />
      {props.label}
    </label>
  );
}
