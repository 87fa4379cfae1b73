import { GateReasons } from '@/fine-tuning/gate-reasons';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import { formatCount, formatDecimal, formatDelta } from '@/ui/format-number';
import { StatusBadge } from '@/ui/status-badge';
import type { RolloutDetail } from './rollout-types';

type Gate = NonNullable<RolloutDetail['gate']>;

const cell = 'nums px-3 py-1.5 text-right';

/** What the gate measured on queries that training never saw, and why it decided so. */
export function GateCard({ gate: { report, words } }: { gate: Gate }) {
  const rows = [
    ['nDCG@10', 'ndcg10'],
    ['cnDCG@10', 'cndcg10'],
    ['Recall@10', 'recall10'],
    ['MRR@10', 'mrr10'],
  ] as const;
  return (
    <Card title="Gate" actions={<StatusBadge status={report.decision} />} isFlush>
      <p className="px-4 py-3">{words}</p>
      <div className="px-4 pb-3">
        <GateReasons report={report} />
      </div>
      <Tally wins={report.wins} ties={report.ties} losses={report.losses} />
      <table className="w-full">
        <thead className="border-y">
          <tr className="text-ink-faint text-xs">
            <th className="px-4 py-1.5 text-left font-medium">Mean over queries</th>
            <th className={classNames(cell, 'font-medium')}>Before</th>
            <th className={classNames(cell, 'font-medium')}>After</th>
            <th className={classNames(cell, 'pr-4 font-medium')}>Change</th>
          </tr>
        </thead>
        <tbody className="divide-y">
          {rows.map(([name, key]) => (
            <tr key={key}>
              <th className="px-4 py-1.5 text-left font-normal">{name}</th>
              <td className={cell}>{formatDecimal(report.before[key])}</td>
              <td className={cell}>{formatDecimal(report.after[key])}</td>
              <td className={classNames(cell, 'pr-4')}>{formatDelta(report.after[key] - report.before[key])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Tally({ wins, ties, losses }: { wins: number; ties: number; losses: number }) {
  const parts = [
    { name: 'better', count: wins, className: 'bg-series-3' },
    { name: 'equal', count: ties, className: 'bg-line-strong' },
    { name: 'worse', count: losses, className: 'bg-series-2' },
  ];
  return (
    <div className="px-4 pb-3">
      <div aria-hidden className="flex h-2 gap-px overflow-hidden rounded-full">
        {parts.map(({ name, count, className }) => (
          <span key={name} className={className} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul className="nums mt-1.5 flex gap-4 text-ink-soft text-xs">
        {parts.map(({ name, count, className }) => (
          <li key={name} className="flex items-center gap-1.5">
            <span aria-hidden className={classNames('size-2 rounded-full', className)} />
            {formatCount(count)} {name}
          </li>
        ))}
      </ul>
    </div>
  );
}
