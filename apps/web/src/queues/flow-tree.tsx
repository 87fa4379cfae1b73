import Link from 'next/link';
import { classNames } from '@/ui/class-names';
import { StatusBadge } from '@/ui/status-badge';
import { kindTitle } from './kind-title';
import type { JobDetail } from './queue-types';

type Flow = NonNullable<JobDetail['flow']>;

/** The rollout, its jobs in the order they were asked for, and how often each was tried. */
export function FlowTree({ flow, selected, onOpen }: { flow: Flow; selected: string; onOpen: (id: string) => void }) {
  const { rollout, tasks } = flow;
  return (
    <div className="rounded-md border px-3 py-2">
      <div className="flex flex-wrap items-center gap-2">
        <Link
          href={`/deployments/${encodeURIComponent(rollout.id)}`}
          className="font-medium underline underline-offset-2"
        >
          Rollout
        </Link>
        <StatusBadge status={rollout.state} />
      </div>
      <ul className="mt-1 ml-1.5 border-l pl-3">
        {tasks.map(({ id, kind, status, attempt }) => (
          <li key={id} className="py-1">
            <button
              type="button"
              onClick={() => onOpen(id)}
              aria-current={id === selected || undefined}
              className={classNames(
                'flex w-full items-center gap-2 rounded px-1 text-left hover:bg-hover',
                id === selected && 'bg-selected',
              )}
            >
              <span className="min-w-0 flex-1 truncate">{kindTitle(kind)}</span>
              {attempt > 1 && <span className="nums text-2xs text-warn">{attempt} attempts</span>}
              <StatusBadge status={status} />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
