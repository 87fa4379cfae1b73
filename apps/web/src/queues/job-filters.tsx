'use client';

import type { TaskCounts } from '@embedding-studio/contracts';
import { countedTasksMax, TaskKind, TaskStatus } from '@embedding-studio/contracts';
import { Search } from 'lucide-react';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { formatCompact } from '@/ui/format-number';
import { Select } from '@/ui/select';
import { inputLook } from '@/ui/text-field';
import { kindTitle } from './kind-title';
import type { JobFilterState } from './use-job-filter';

const kinds: { value: TaskKind | 'all'; title: string }[] = [
  { value: 'all', title: 'All kinds' },
  ...TaskKind.options.map((kind) => ({ value: kind, title: kindTitle(kind) })),
];
const isoDay = (date: Date | null): string => (date === null ? '' : date.toISOString().slice(0, 10));
const dayOf = (text: string): Date | null => (text === '' ? null : new Date(`${text}T00:00:00Z`));

/** What narrows the list; the numbers say how many jobs each status has within the rest of the filter. */
export function JobFilters({ filters, counts }: { filters: JobFilterState; counts: TaskCounts | null }) {
  const { state, setState, isFiltered, clear } = filters;
  return (
    <search className="grid gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="relative min-w-56 flex-1 sm:max-w-md">
          <Search aria-hidden className="absolute top-2.5 left-2.5 size-3.5 text-ink-faint" />
          <input
            type="search"
            aria-label="Find jobs by the start of an id or words of an error"
            placeholder="Id or words of an error"
            value={state.q}
            onChange={(event) => void setState({ q: event.target.value || null })}
            className={classNames(inputLook, 'pl-8')}
          />
        </div>
        <Select
          label="Kind"
          value={state.kind ?? 'all'}
          options={kinds}
          onChange={(value) => void setState({ kind: value === 'all' ? null : value })}
        />
        <input
          aria-label="Model id"
          placeholder="Model id"
          value={state.model}
          onChange={(event) => void setState({ model: event.target.value.trim() || null })}
          className={classNames(inputLook, 'w-40')}
        />
        <Day label="From" value={isoDay(state.from)} onChange={(value) => void setState({ from: dayOf(value) })} />
        <Day label="To" value={isoDay(state.to)} onChange={(value) => void setState({ to: dayOf(value) })} />
        {isFiltered && (
          <Button size="small" kind="quiet" onClick={clear}>
            Clear
          </Button>
        )}
      </div>
      <Statuses filters={filters} counts={counts} />
    </search>
  );
}

function Day(props: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <label className="flex items-center gap-1.5 text-ink-faint text-xs">
      {props.label}
      <input
        type="date"
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        className={classNames(inputLook, 'w-36 text-ink')}
      />
    </label>
  );
}

function Statuses({ filters, counts }: { filters: JobFilterState; counts: TaskCounts | null }) {
  const { status } = filters.state;
  const toggle = (one: TaskStatus) => {
    const next = status.includes(one) ? status.filter((other) => other !== one) : [...status, one];
    void filters.setState({ status: next.length === 0 ? null : next });
  };
  return (
    <fieldset className="flex flex-wrap gap-1.5" aria-label="Status">
      {TaskStatus.options.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={status.includes(one)}
          onClick={() => toggle(one)}
          className={classNames(
            'flex h-7 items-center gap-1.5 rounded-full border bg-surface px-2.5 text-ink-soft text-xs hover:bg-hover',
            status.includes(one) && 'border-accent/60 bg-selected text-ink',
          )}
        >
          {one}
          {counts !== null && (status.length === 0 || status.includes(one)) && (
            <span className="nums text-2xs">
              {formatCompact(counts.byStatus[one])}
              {counts.isCapped && counts.byStatus[one] >= countedTasksMax ? '+' : ''}
            </span>
          )}
        </button>
      ))}
    </fieldset>
  );
}
