'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type Column, DataTable } from '@/ui/data-table';
import { formatCount, formatShare, noValue } from '@/ui/format-number';
import { Time } from '@/ui/time';
import type { ExperimentRow } from './experiment-types';
import { kindWords } from './experiment-words';
import { StateBadge, VerdictBadge } from './verdict-badge';

const hinted = (title: string, hint: string) => <span title={hint}>{title}</span>;
const pathOf = ({ id }: ExperimentRow) => `/experiments/${encodeURIComponent(id)}`;

const columns: Column<ExperimentRow>[] = [
  { id: 'name', header: 'Experiment', width: 'minmax(12rem, 2fr)', cell: (row) => <Name row={row} /> },
  { id: 'state', header: 'State', width: '6rem', cell: ({ state }) => <StateBadge state={state} /> },
  {
    ...{ id: 'verdict', header: hinted('Verdict', 'Of the newest read-out'), width: '9rem' },
    cell: ({ readout }) => (readout === null ? noValue : <VerdictBadge verdict={readout.verdict} arm={readout.arm} />),
  },
  {
    ...{ id: 'readout', header: hinted('Read-out', 'How old the newest read-out is'), width: '6.5rem' },
    cell: ({ readout }) => <Time at={readout?.createdAt} />,
  },
  {
    ...{ id: 'arms', header: hinted('Arms', 'The first one is the control'), width: 'minmax(9rem, 1fr)' },
    cell: (row) => <ArmShares arms={row.arms} shippedArm={row.shippedArm} />,
  },
  {
    ...{ id: 'units', header: hinted('Units', 'Users, sessions or keys that took part so far'), align: 'right' },
    ...{ width: '5rem', cell: ({ units }) => formatCount(units) },
  },
  {
    ...{ id: 'traffic', header: hinted('Traffic', 'Share of its units that take part now'), align: 'right' },
    width: '4.5rem',
    cell: ({ state, kind, traffic }) => (state === 'running' && kind !== 'shadow' ? formatShare(traffic, 0) : noValue),
  },
  { id: 'started', header: 'Started', width: '6.5rem', cell: ({ startedAt }) => <Time at={startedAt} /> },
];

export interface ExperimentTableProps {
  rows: ExperimentRow[];
  onEndReached: () => void;
  isLoadingMore: boolean;
}

export function ExperimentTable(props: ExperimentTableProps) {
  const router = useRouter();
  return (
    <DataTable
      {...props}
      label="Experiments"
      columns={columns}
      rowKey={({ id }) => id}
      onOpen={(row) => router.push(pathOf(row))}
      rowHeight={54}
      leastWidth="62rem"
    />
  );
}

function Name({ row }: { row: ExperimentRow }) {
  return (
    <>
      <Link
        href={pathOf(row)}
        className="block truncate font-medium hover:underline"
        onClick={(event) => event.stopPropagation()}
        onKeyDown={(event) => event.key === 'Enter' && event.stopPropagation()}
      >
        {row.name}
      </Link>
      <div className="truncate text-2xs text-ink-faint">
        {kindWords[row.kind].title} · layer {row.layer}
      </div>
    </>
  );
}

function ArmShares({ arms, shippedArm }: Pick<ExperimentRow, 'arms' | 'shippedArm'>) {
  const sum = arms.reduce((total, { weight }) => total + weight, 0);
  return (
    <ul
      className="flex max-h-9 flex-wrap gap-x-3 overflow-hidden text-xs"
      title={arms.map(({ name }) => name).join(', ')}
    >
      {arms.map(({ name, weight }) => (
        <li key={name} className="whitespace-nowrap">
          <span className={name === shippedArm ? 'font-semibold text-good' : ''}>{name}</span>{' '}
          <span className="nums text-ink-faint">{formatShare(weight / sum, 0)}</span>
        </li>
      ))}
    </ul>
  );
}
