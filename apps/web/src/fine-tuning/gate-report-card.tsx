import type { GateReport } from '@embedding-studio/contracts';
import { Card } from '@/ui/card';
import { formatCount, formatDecimal, formatDelta } from '@/ui/format-number';
import { StatusBadge } from '@/ui/status-badge';
import { GateReasons } from './gate-reasons';
import { GateSegments } from './gate-segments';

/** Why the gate let the model through, or did not, in its own sentences. */
export function GateReportCard({ report }: { report: GateReport | null }) {
  if (report === null)
    return (
      <Card title="Gate">
        <p className="py-6 text-center text-ink-faint text-xs">
          After training, the gate compares the new model with what is live on queries that training never saw.
        </p>
      </Card>
    );
  const { delta, before, after } = report;
  return (
    <Card
      title="Gate"
      hint={`${formatCount(report.queries)} held-out queries`}
      actions={<StatusBadge status={report.decision} />}
    >
      <div className="nums mb-3 flex flex-wrap items-baseline gap-x-6 gap-y-1">
        <span className="font-semibold text-xl">{formatDelta(delta.mean, 4)}</span>
        <span className="text-ink-soft text-xs">
          nDCG@10, 95 % interval {formatDelta(delta.lo, 4)} to {formatDelta(delta.hi, 4)}
        </span>
      </div>
      <IntervalPlot report={report} />
      <table className="nums mt-3 w-full text-xs">
        <thead className="text-ink-faint">
          <tr>
            <th className="py-1 text-left font-normal">Metric</th>
            <th className="text-right font-normal">Before</th>
            <th className="text-right font-normal">After</th>
            <th className="text-right font-normal">Change</th>
          </tr>
        </thead>
        <tbody>
          {(['ndcg10', 'recall10', 'mrr10', 'cndcg10'] as const).map((key) => (
            <tr key={key} className="border-t">
              <th className="py-1 text-left font-normal">{names[key]}</th>
              <td className="text-right">{formatDecimal(before[key], 4)}</td>
              <td className="text-right">{formatDecimal(after[key], 4)}</td>
              <td className="text-right">{formatDelta(after[key] - before[key], 4)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <GateSegments report={report} />
      <GateReasons report={report} />
    </Card>
  );
}

const names = { ndcg10: 'nDCG@10', recall10: 'Recall@10', mrr10: 'MRR@10', cndcg10: 'Condensed nDCG@10' } as const;

/** Intervals around zero: right of it is a gain. */
function IntervalPlot({ report }: { report: GateReport }) {
  const rows = [
    { name: 'all queries', ...report.delta },
    ...(report.unseen ? [{ name: 'unseen items', ...report.unseen.delta }] : []),
  ];
  const reach = Math.max(0.005, ...rows.flatMap(({ lo, hi }) => [Math.abs(lo), Math.abs(hi)])) * 1.1;
  const place = (value: number) => `${50 + (50 * value) / reach}%`;
  return (
    <div
      className="grid gap-1"
      role="img"
      aria-label={rows.map(({ name, lo, hi }) => `${name}: ${formatDelta(lo, 4)} to ${formatDelta(hi, 4)}`).join('; ')}
    >
      {rows.map(({ name, mean, lo, hi }) => (
        <div key={name} className="flex items-center gap-3 text-2xs text-ink-soft">
          <span className="w-20 shrink-0 text-right">{name}</span>
          <span className="relative h-4 flex-1 rounded bg-sunken">
            <span className="absolute inset-y-0 left-1/2 w-px bg-line-strong" />
            <span
              className={`absolute top-[7px] h-0.5 ${lo > 0 ? 'bg-good' : hi < 0 ? 'bg-bad' : 'bg-ink-faint'}`}
              style={{ left: place(lo), right: `calc(100% - ${place(hi)})` }}
            />
            <span
              className={`absolute top-1 size-2 -translate-x-1/2 rounded-full ${lo > 0 ? 'bg-good' : hi < 0 ? 'bg-bad' : 'bg-ink-faint'}`}
              style={{ left: place(mean) }}
            />
          </span>
        </div>
      ))}
    </div>
  );
}
