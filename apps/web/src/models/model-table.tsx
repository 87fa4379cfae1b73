'use client';

import { Badge } from '@/ui/badge';
import { classNames } from '@/ui/class-names';
import { formatBytes, formatCompact, formatDecimal, noValue } from '@/ui/format-number';
import { StatusBadge } from '@/ui/status-badge';
import { Time } from '@/ui/time';
import { WideTable } from '@/ui/wide-table';
import type { ModelView } from './model-types';

export interface ModelTableProps {
  rows: ModelView[];
  selected: string | null;
  onSelect: (id: string) => void;
}

const columns = [
  { title: 'Model' },
  { title: 'Status' },
  { title: 'Comes from' },
  { title: 'Model server' },
  { title: 'Size', align: 'right' },
  {
    title: 'p50 / p95 per batch',
    align: 'right',
    hint: 'One run of the model over a batch, as the model server measured it',
  },
  { title: 'Texts/s', align: 'right' },
  { title: 'Used by' },
  { title: 'Made' },
] as const;
const number = 'nums px-3 py-2 text-right whitespace-nowrap';

export function ModelTable({ rows, selected, onSelect }: ModelTableProps) {
  return (
    <WideTable label="Models" columns={columns} leastWidth="60rem">
      {rows.map((row) => (
        <ModelRow key={row.id} row={row} isSelected={row.id === selected} onSelect={onSelect} />
      ))}
    </WideTable>
  );
}

function ModelRow(props: { row: ModelView; isSelected: boolean; onSelect: (id: string) => void }) {
  const { row, isSelected, onSelect } = props;
  const { p50Ms = null, p95Ms = null, rowsPerSecond = null } = row.latency ?? {};
  return (
    <tr
      className={classNames('cursor-pointer hover:bg-hover', isSelected && 'bg-selected hover:bg-selected')}
      onClick={() => onSelect(row.id)}
    >
      <td className="px-3 py-2">
        <button
          type="button"
          className="max-w-44 truncate font-medium hover:underline"
          onClick={() => onSelect(row.id)}
        >
          {row.name}
        </button>
        <div className="max-w-44 truncate font-mono text-2xs text-ink-faint">{row.id}</div>
      </td>
      <td className="px-3 py-2">
        <StatusBadge status={row.status} />
      </td>
      <td className="whitespace-nowrap px-3 py-2">
        {row.parent === null ? (
          <span className="text-ink-faint">base model</span>
        ) : (
          <>
            <div className="max-w-44 truncate">{row.parent.name}</div>
            <div className="text-2xs text-ink-faint">
              {row.method ?? noValue}
              {row.trainedOn !== null && `, ${formatCompact(row.trainedOn.examples)} examples`}
            </div>
          </>
        )}
      </td>
      <td className="px-3 py-2">
        {row.serving === null ? (
          <span className="text-ink-faint">{noValue}</span>
        ) : (
          <Badge tone={row.serving.state === 'READY' ? 'good' : 'neutral'} dot="still" title={row.serving.reason ?? ''}>
            {row.serving.state.toLowerCase()}
          </Badge>
        )}
      </td>
      <td className={number}>
        {formatBytes(row.sizeBytes)}
        <div className="text-2xs text-ink-faint">{row.dims} dims</div>
      </td>
      <td className={number}>
        {p50Ms === null ? noValue : `${formatDecimal(p50Ms, 1)} / ${formatDecimal(p95Ms, 1)} ms`}
      </td>
      <td className={number}>{formatCompact(rowsPerSecond)}</td>
      <td className="px-3 py-2">
        <Uses row={row} />
      </td>
      <td className="px-3 py-2 text-ink-soft">
        <Time at={row.createdAt} />
      </td>
    </tr>
  );
}

function Uses({ row }: { row: ModelView }) {
  if (row.collections.length === 0) return <span className="text-ink-faint">{noValue}</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {row.collections.map(({ id, status, isLive, isPrevious }) => (
        <Badge key={id} tone={isLive ? 'good' : 'neutral'} title={id}>
          {isLive ? 'live' : isPrevious ? 'previous' : status}
        </Badge>
      ))}
    </span>
  );
}
