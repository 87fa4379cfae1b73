'use client';

import type { TrainingRowPage } from '@embedding-studio/core';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { formatCompact } from '@/ui/format-number';
import { LabelledSelect } from '@/ui/labelled-select';
import { Segmented } from '@/ui/segmented';
import { Switch } from '@/ui/switch';
import { inputLook } from '@/ui/text-field';
import { labels, reasons, reasonWords } from './row-words';
import { useRowFilter } from './use-training-rows';

type Summary = TrainingRowPage['summary'];

/** What the rows are narrowed to, with the counts of the whole set. */
export function RowFilters({ summary }: { summary: Summary }) {
  const { fields, setFields, isFiltered } = useRowFilter();
  const countOf = (label: (typeof labels)[number]) => sum(Object.values(summary?.labels[label] ?? {}));
  const known = reasons.filter((why) => labels.some((label) => (summary?.labels[label]?.[why] ?? 0) > 0));
  const input = (name: 'query' | 'item' | 'session', title: string) => (
    <input
      aria-label={title}
      placeholder={title}
      value={fields[name]}
      maxLength={128}
      onChange={(event) => void setFields({ [name]: event.target.value || null })}
      className={classNames(inputLook, '!h-7 !w-36 text-xs')}
    />
  );
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
      <div className="max-w-full overflow-x-auto">
        <Segmented
          label="Label"
          value={fields.label ?? 'all'}
          options={[
            { value: 'all', title: 'All' },
            ...labels
              .filter((value) => value !== 'mined' || countOf(value) > 0)
              .map((value) => ({
                value,
                title: (
                  <>
                    {upper(value)} <span className="nums hidden sm:inline">{formatCompact(countOf(value))}</span>
                  </>
                ),
              })),
          ]}
          onChange={(value) => void setFields({ label: labels.find((label) => label === value) ?? null })}
        />
      </div>
      <LabelledSelect
        label="Why"
        value={fields.why ?? ''}
        choices={[{ value: '', label: 'any' }, ...known.map((value) => ({ value, label: reasonWords[value] }))]}
        onChange={(value) => void setFields({ why: reasons.find((why) => why === value) ?? null })}
      />
      {input('query', 'Query begins with')}
      {input('item', 'Item id')}
      {input('session', 'Session id')}
      <Switch
        label={<span className="text-xs">Trained on</span>}
        isOn={fields.used}
        onChange={(used) => void setFields({ used: used || null })}
      />
      {isFiltered && (
        <Button kind="quiet" size="small" onClick={() => void setFields(null)}>
          Clear
        </Button>
      )}
    </div>
  );
}

const upper = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);
const sum = (values: readonly (number | undefined)[]) =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);
