'use client';

import { type Filter, Filter as FilterSchema } from '@embedding-studio/contracts';
import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useId, useState } from 'react';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { inputLook } from '@/ui/text-field';
import {
  emptyRow,
  type FilterRow,
  type FilterRows,
  filterToRows,
  operatorNames,
  operators,
  rowsToFilter,
} from './filter-rows';

export interface FilterBuilderProps {
  filter: Filter | undefined;
  onChange: (filter: Filter | undefined) => void;
}

/** Lines for what lines can say, JSON for the rest of the filter language. */
export function FilterBuilder({ filter, onChange }: FilterBuilderProps) {
  const known = filterToRows(filter);
  const [isJson, setJson] = useState(known === null);
  return (
    <fieldset className="border-t pt-3">
      <div className="mb-2 flex items-center justify-between">
        <legend className="float-left font-medium text-xs">Filter</legend>
        <Button
          size="small"
          kind="quiet"
          disabled={isJson && known === null}
          title={isJson && known === null ? 'This filter says more than lines can' : undefined}
          onClick={() => setJson(!isJson)}
        >
          {isJson ? 'as lines' : 'as JSON'}
        </Button>
      </div>
      {isJson || known === null ? (
        <FilterJson filter={filter} onChange={onChange} />
      ) : (
        <FilterLines initial={known} onChange={onChange} />
      )}
    </fieldset>
  );
}

function FilterJson({ filter, onChange }: FilterBuilderProps) {
  const [text, setText] = useState(filter === undefined ? '' : JSON.stringify(filter, null, 2));
  const [fault, setFault] = useState<string | null>(null);
  const apply = () => {
    const read = readFilter(text);
    setFault(read.fault);
    if (read.fault === null) onChange(read.filter);
  };
  return (
    <>
      <textarea
        aria-label="Filter as JSON"
        aria-invalid={fault !== null || undefined}
        spellCheck={false}
        className={classNames(inputLook, 'h-36 py-1.5 font-mono text-xs')}
        placeholder='{"term": {"field": "genre", "value": "War"}}'
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={apply}
      />
      {fault !== null && <p className="mt-1 text-bad text-xs">{fault}</p>}
    </>
  );
}

function readFilter(text: string): { filter: Filter | undefined; fault: string | null } {
  if (text.trim() === '') return { filter: undefined, fault: null };
  try {
    const parsed = FilterSchema.safeParse(JSON.parse(text));
    if (parsed.success) return { filter: parsed.data, fault: null };
    const [issue] = parsed.error.issues;
    return { filter: undefined, fault: `${issue?.path.join('.') || 'filter'}: ${issue?.message ?? 'is not valid'}` };
  } catch {
    return { filter: undefined, fault: 'This is not JSON yet: check quotes, commas and brackets.' };
  }
}

function FilterLines({ initial, onChange }: { initial: FilterRows; onChange: FilterBuilderProps['onChange'] }) {
  const [lines, setLines] = useState(initial);
  const { data: fields = [] } = useQuery(
    useTRPC().playground.listPayloadFields.queryOptions(undefined, { staleTime: 600_000 }),
  );
  const set = (changed: Partial<FilterRows>, isTyping = false) => {
    const next = { ...lines, ...changed };
    setLines(next);
    if (!isTyping) onChange(rowsToFilter(next));
  };
  const list = useId();
  return (
    <div className="space-y-2">
      <datalist id={list}>
        {fields.map(({ name, share }) => (
          <option key={name} value={name}>{`${Math.round(share * 100)} % of items`}</option>
        ))}
      </datalist>
      {lines.rows.map((row, index) => (
        <FilterLine
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are their places.
          key={index}
          row={row}
          fieldList={list}
          values={fields.find(({ name }) => name === row.field)?.values.map(String) ?? []}
          onChange={(changed, isTyping) =>
            set({ rows: lines.rows.map((one, at) => (at === index ? { ...one, ...changed } : one)) }, isTyping)
          }
          onRemove={() => set({ rows: lines.rows.filter((_, at) => at !== index) })}
        />
      ))}
      <div className="flex items-center justify-between gap-2">
        <Button size="small" onClick={() => set({ rows: [...lines.rows, emptyRow] })}>
          <Plus aria-hidden /> Condition
        </Button>
        {lines.rows.length > 1 && (
          <select
            aria-label="How conditions are joined"
            className={classNames(inputLook, 'h-7 w-auto text-xs')}
            value={lines.join}
            onChange={(event) => set({ join: event.target.value as FilterRows['join'] })}
          >
            <option value="all">all of them</option>
            <option value="any">any of them</option>
          </select>
        )}
      </div>
    </div>
  );
}

interface FilterLineProps {
  row: FilterRow;
  fieldList: string;
  values: string[];
  /** While a text is being typed the filter waits for its end. */
  onChange: (changed: Partial<FilterRow>, isTyping?: boolean) => void;
  onRemove: () => void;
}

function FilterLine({ row, fieldList, values, onChange, onRemove }: FilterLineProps) {
  const list = useId();
  const look = classNames(inputLook, 'h-7 min-w-0 px-1.5 text-xs');
  return (
    <div className="flex items-center gap-1">
      <button
        type="button"
        aria-pressed={row.isNot}
        title="Must not hold"
        onClick={() => onChange({ isNot: !row.isNot })}
        className={classNames('h-7 rounded-md px-1.5 text-2xs', row.isNot ? 'bg-bad-soft text-bad' : 'text-ink-faint')}
      >
        not
      </button>
      <input
        aria-label="Field"
        list={fieldList}
        className={look}
        placeholder="field"
        value={row.field}
        onChange={(event) => onChange({ field: event.target.value }, true)}
        onBlur={() => onChange({})}
      />
      <select
        aria-label="Operator"
        className={classNames(look, 'w-auto')}
        value={row.operator}
        onChange={(event) => onChange({ operator: event.target.value as FilterRow['operator'] })}
      >
        {operators.map((operator) => (
          <option key={operator} value={operator}>
            {operatorNames[operator]}
          </option>
        ))}
      </select>
      {row.operator !== 'exists' && (
        <input
          aria-label="Value"
          list={list}
          className={look}
          placeholder="value"
          value={row.value}
          onChange={(event) => onChange({ value: event.target.value }, true)}
          onBlur={() => onChange({})}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onChange({});
          }}
        />
      )}
      <datalist id={list}>
        {values.map((value) => (
          <option key={value} value={value} />
        ))}
      </datalist>
      <Button kind="quiet" size="icon" aria-label="Remove condition" onClick={onRemove}>
        <X />
      </Button>
    </div>
  );
}
