'use client';

import Link from 'next/link';
import { Badge } from '@/ui/badge';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import { EmptyState } from '@/ui/empty-state';
import { formatBytes, formatDecimal } from '@/ui/format-number';
import { Time } from '@/ui/time';
import { WideTable } from '@/ui/wide-table';
import { kindTitle } from './kind-title';
import type { WorkerRow } from './queue-types';

const columns = [
  { title: 'Worker' },
  { title: 'Heartbeat' },
  { title: 'Roles' },
  { title: 'Now' },
  { title: 'Memory', align: 'right' },
  { title: 'Event-loop lag', align: 'right', hint: '99th percentile since the beat before' },
  { title: 'Version' },
  { title: 'Started' },
] as const;

/** Every worker process that was heard of in the last hour. */
export function WorkerTable({ workers }: { workers: WorkerRow[] }) {
  if (workers.length === 0)
    return (
      <Card>
        <EmptyState title="No worker runs">
          Jobs wait until one does. <code className="font-mono text-xs">./studio up</code> starts one for all roles; in
          production run <code className="font-mono text-xs">apps/workers --roles …</code> per machine.
        </EmptyState>
      </Card>
    );
  return (
    <Card isFlush>
      <WideTable label="Workers" columns={columns} leastWidth="56rem">
        {workers.map((worker) => (
          <WorkerLine key={worker.id} worker={worker} />
        ))}
      </WideTable>
    </Card>
  );
}

function WorkerLine({ worker }: { worker: WorkerRow }) {
  return (
    <tr className={worker.isLive ? '' : 'text-ink-faint'}>
      <td className="px-3 py-2">
        <div className="font-medium">
          {worker.host} <span className="nums font-normal text-ink-soft">pid {worker.pid}</span>
        </div>
        <div className="max-w-56 truncate font-mono text-2xs text-ink-faint">{worker.id}</div>
      </td>
      <td className="px-3 py-2">
        <Badge tone={worker.isLive ? 'good' : 'bad'} dot={worker.isLive ? 'live' : 'still'}>
          {worker.isLive ? 'live' : 'stale'}
        </Badge>{' '}
        <span className="text-xs">
          <Time at={worker.beatAt} />
        </span>
      </td>
      <td className="px-3 py-2">{worker.roles.join(', ')}</td>
      <td className="px-3 py-2">
        {worker.running.length === 0 && <span className="text-ink-faint">idle</span>}
        {worker.running.map(({ taskId, kind, since }) => (
          <div key={taskId} className="whitespace-nowrap">
            <Link href={`/queues?tab=jobs&job=${encodeURIComponent(taskId)}`} className="underline underline-offset-2">
              {kindTitle(kind)}
            </Link>{' '}
            <span className="text-ink-faint text-xs">
              since <Time at={since} />
            </span>
          </div>
        ))}
      </td>
      <td className="nums px-3 py-2 text-right" title={`heap ${formatBytes(worker.heapBytes)}`}>
        {formatBytes(worker.rssBytes)}
      </td>
      <td
        className={classNames('nums px-3 py-2 text-right', worker.isLive && worker.eventLoopLagMs > 200 && 'text-warn')}
      >
        {formatDecimal(worker.eventLoopLagMs, 1)} ms
      </td>
      <td className="px-3 py-2">{worker.version}</td>
      <td className="px-3 py-2">
        <Time at={worker.startedAt} />
      </td>
    </tr>
  );
}
