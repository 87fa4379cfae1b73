'use client';

import { classNames } from '@/ui/class-names';
import { formatCompact } from '@/ui/format-number';

export interface FacetGroupProps<T extends string> {
  title: string;
  values: readonly { value: T; title: string; hint?: string }[];
  /** Absent while they are being counted. */
  counts: Record<string, number> | undefined;
  chosen: readonly T[];
  onChange(chosen: T[]): void;
  /** Values that no session has are left out. */
  isShort?: boolean;
}

export function FacetGroup<T extends string>(props: FacetGroupProps<T>) {
  const { title, values, counts, chosen, onChange, isShort } = props;
  const shown = isShort ? values.filter(({ value }) => (counts?.[value] ?? 0) > 0 || chosen.includes(value)) : values;
  if (shown.length === 0) return null;
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-ink-soft text-xs">{title}</legend>
      {shown.map(({ value, title: word, hint }) => {
        const isChosen = chosen.includes(value);
        const count = counts?.[value] ?? (counts === undefined ? null : 0);
        return (
          <label
            key={value}
            title={hint}
            className={classNames(
              'flex h-6 cursor-pointer items-center gap-2 rounded px-1.5 hover:bg-hover',
              isChosen && 'bg-selected font-medium',
              count === 0 && !isChosen && 'text-ink-faint',
            )}
          >
            <input
              type="checkbox"
              className="size-3.5 accent-(--accent)"
              checked={isChosen}
              onChange={() => onChange(isChosen ? chosen.filter((one) => one !== value) : [...chosen, value])}
            />
            <span className="min-w-0 flex-1 truncate">{word}</span>
            <span className="nums text-2xs text-ink-faint">{count === null ? '' : formatCompact(count)}</span>
          </label>
        );
      })}
    </fieldset>
  );
}
