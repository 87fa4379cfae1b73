'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { formatCount, formatShare, noValue } from '@/ui/format-number';
import { Time } from '@/ui/time';
import { WideTable } from '@/ui/wide-table';
import type { ExperimentRow } from './experiment-types';
import { kindWords } from './experiment-words';
import { StateBadge, VerdictBadge } from './verdict-badge';

const columns = [
  { title: 'Experiment' },
  { title: 'State' },
  { title: 'Verdict', hint: 'Of the newest read-out' },
  { title: 'Read-out', hint: 'How old the newest read-out is' },
  { title: 'Arms', hint: 'The first one is the control' },
  { title: 'Units', align: 'right', hint: 'Users, sessions or keys that took part so far' },
  { title: 'Traffic', align: 'right', hint: 'Share of its units that take part now' },
  { title: 'Started' },
] as const;

export function ExperimentTable({ rows }: { rows: ExperimentRow[] }) {
  return (
    <WideTable label="Experiments" columns={columns} leastWidth="60rem">
      {rows.map((row) => (
        <Row key={row.id} row={row} />
      ))}
    </WideTable>
  );
}

function Row({ row }: { row: ExperimentRow }) {
  const router = useRouter();
  const href = `/experiments/${encodeURIComponent(row.id)}`;
  const { readout } = row;
  return (
    <tr className="cursor-pointer hover:bg-hover" onClick={() => router.push(href)}>
      <td className="max-w-80 px-3 py-2">
        <Link
          href={href}
          className="block truncate font-medium hover:underline"
          onClick={(event) => event.stopPropagation()}
        >
          {row.name}
        </Link>
        <div className="truncate text-2xs text-ink-faint">
          {kindWords[row.kind].title} · layer {row.layer}
        </div>
      </td>
      <td className="px-3 py-2">
        <StateBadge state={row.state} />
      </td>
      <td className="px-3 py-2">
        {readout === null ? noValue : <VerdictBadge verdict={readout.verdict} arm={readout.arm} />}
      </td>
      <td className="px-3 py-2 text-ink-soft">
        <Time at={readout?.createdAt} />
      </td>
      <td className="px-3 py-2">
        <ArmShares arms={row.arms} shippedArm={row.shippedArm} />
      </td>
      <td className="nums px-3 py-2 text-right">{formatCount(row.units)}</td>
      <td className="nums px-3 py-2 text-right">
        {row.state === 'running' && row.kind !== 'shadow' ? formatShare(row.traffic, 0) : noValue}
      </td>
      <td className="px-3 py-2 text-ink-soft">
        <Time at={row.startedAt} />
      </td>
    </tr>
  );
}

function ArmShares({ arms, shippedArm }: Pick<ExperimentRow, 'arms' | 'shippedArm'>) {
  const sum = arms.reduce((total, { weight }) => total + weight, 0);
  return (
    <ul className="flex max-w-72 flex-wrap gap-x-3 text-xs">
      {arms.map(({ name, weight }) => (
        <li key={name} className="whitespace-nowrap">
          <span className={name === shippedArm ? 'font-semibold text-good' : ''}>{name}</span>{' '}
          <span className="nums text-ink-faint">{formatShare(weight / sum, 0)}</span>
        </li>
      ))}
    </ul>
  );
}
