'use client';

import type { RunColumns } from '@embedding-studio/core';
import { Columns3 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/ui/button';
import { Popover } from '@/ui/popover';
import { inputLook } from '@/ui/text-field';
import { toggle } from './runs-table';

export interface ColumnPickerProps {
  columns: RunColumns | undefined;
  shown: readonly string[];
  onChange: (shown: string[] | null) => void;
}

/** Which params and metrics the table has columns for. */
export function ColumnPicker({ columns, shown, onChange }: ColumnPickerProps) {
  const [text, setText] = useState('');
  const all = [
    ...(columns?.metrics ?? []).map(({ key }) => `metrics.${key}`),
    ...(columns?.params ?? []).map(({ key }) => `params.${key}`),
  ].filter((key) => key.toLowerCase().includes(text.toLowerCase()));
  const trigger = (
    <Button size="small">
      <Columns3 /> Columns
    </Button>
  );
  return (
    <Popover label="Columns" trigger={trigger} className="w-64 p-2">
      <input
        aria-label="Find a column"
        placeholder="Find a column"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={inputLook}
      />
      <ul className="mt-2 max-h-72 overflow-auto">
        {all.map((key) => (
          <li key={key}>
            <label className="flex items-center gap-2 rounded px-1.5 py-1 text-xs hover:bg-hover">
              <input
                type="checkbox"
                checked={shown.includes(key)}
                onChange={() => onChange(toggle(shown, key))}
                className="accent-(--accent)"
              />
              <span className="truncate font-mono">{key.slice(key.indexOf('.') + 1)}</span>
              <span className="ml-auto text-2xs text-ink-faint">{key.startsWith('p') ? 'param' : 'metric'}</span>
            </label>
          </li>
        ))}
      </ul>
      <Button size="small" kind="quiet" className="mt-1 w-full" onClick={() => onChange(null)}>
        Back to the usual columns
      </Button>
    </Popover>
  );
}

/** The metric that judges, a few others, and the params that differ. */
export function usualColumns(columns: RunColumns | undefined, mainMetric: string | null): string[] {
  if (columns === undefined) return [];
  const metrics = columns.metrics.map(({ key }) => key).filter((key) => key !== mainMetric);
  const wanted = ['loss', 'gate.mean', 'final.seconds'].filter((key) => metrics.includes(key));
  const params = columns.params.filter(({ distinct }) => distinct > 1).map(({ key }) => `params.${key}`);
  return [
    ...(mainMetric === null ? [] : [`metrics.${mainMetric}`]),
    ...wanted.map((key) => `metrics.${key}`),
    ...params.slice(0, 4),
  ];
}
