'use client';

import type { RunColumns } from '@embedding-studio/core';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { formatCount } from '@/ui/format-number';
import { LabelledSelect } from '@/ui/labelled-select';
import { Segmented } from '@/ui/segmented';
import { inputLook } from '@/ui/text-field';
import { ColumnPicker } from './column-picker';
import type { RunsQuery } from './use-runs';
import { type ChangeRunsState, type RunsState, statuses, type View } from './use-runs-state';

const viewChoices: { value: View; title: string }[] = [
  { value: 'charts', title: 'Charts' },
  { value: 'table', title: 'Table' },
  { value: 'parallel', title: 'Parallel' },
  { value: 'diff', title: 'Diff' },
];

export interface RunsToolbarProps {
  query: RunsQuery;
  columns: RunColumns | undefined;
  shown: readonly string[];
  state: RunsState;
  change: ChangeRunsState;
}

export function RunsToolbar({ query, columns, shown, state, change }: RunsToolbarProps) {
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <Segmented label="View" value={state.view} options={viewChoices} onChange={(view) => void change({ view })} />
      <input
        aria-label="Find runs by name"
        placeholder="Find by name"
        value={state.q}
        onChange={(event) => void change({ q: event.target.value })}
        className={classNames(inputLook, 'h-7 w-44')}
      />
      <LabelledSelect
        label="Status"
        value={state.status ?? ''}
        choices={[{ value: '', label: 'any' }, ...statuses.map((value) => ({ value, label: value.toLowerCase() }))]}
        onChange={(status) => void change({ status: statuses.find((known) => known === status) ?? null })}
      />
      <span className="nums text-ink-faint text-xs" data-testid="run-total">
        {query.total === 1 ? '1 run' : `${formatCount(query.total)} runs`}
        {state.marked.length > 0 && `, ${state.marked.length} marked`}
      </span>
      {state.marked.length > 0 && (
        <Button size="small" kind="quiet" onClick={() => void change({ marked: [] })}>
          Unmark all
        </Button>
      )}
      <span className="flex-1" />
      {state.view === 'table' && (
        <ColumnPicker columns={columns} shown={shown} onChange={(next) => void change({ columns: next })} />
      )}
    </div>
  );
}
