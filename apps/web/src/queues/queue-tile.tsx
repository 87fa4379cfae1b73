'use client';

import Link from 'next/link';
import { useActorNames } from '@/settings/use-actor-names';
import { Actor } from '@/ui/actor';
import { classNames } from '@/ui/class-names';
import { formatCompact, formatDecimal, formatDuration, formatShare, noValue } from '@/ui/format-number';
import { kindTitle } from './kind-title';
import { MinuteBars } from './minute-bars';
import { PauseControl } from './pause-control';
import type { QueueView } from './queue-types';

/** One queue: depth, age, rates, and its last hour. */
export function QueueTile({ queue, now }: { queue: QueueView; now: Date }) {
  const { kind, waiting, delayed, running, stalled, failed, oldestAt, pause } = queue;
  const nameOf = useActorNames();
  const age = oldestAt === null ? null : now.getTime() - oldestAt.getTime();
  const jobs = (status: string) => `/queues?tab=jobs&kind=${kind}&status=${status}`;
  return (
    <article
      aria-label={kindTitle(kind)}
      className={classNames(
        'grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-2 rounded-lg border bg-surface p-3',
        pause !== null && 'border-warn/60',
      )}
    >
      <header className="flex items-center gap-2">
        <h3 className="min-w-0 flex-1 truncate font-medium">
          <Link href={`/queues?tab=jobs&kind=${kind}`} className="hover:underline">
            {kindTitle(kind)}
          </Link>
        </h3>
        <PauseControl target={{ kind }} name={kindTitle(kind)} isPaused={pause !== null} running={running} isSmall />
      </header>
      {pause !== null && (
        <p className="break-words text-warn text-xs">
          Paused by <Actor name={nameOf(pause.actor)} />: {pause.reason}
        </p>
      )}
      <dl className="grid grid-cols-3 gap-x-3 gap-y-1.5">
        <Figure
          name="Waiting"
          value={formatCompact(waiting)}
          href={jobs('pending')}
          note={delayed > 0 ? `+${formatCompact(delayed)} later` : ''}
        />
        <Figure name="Running" value={formatCompact(running)} href={jobs('processing')} />
        <Figure
          name="Oldest waits"
          value={age === null ? noValue : formatDuration(Math.max(0, age))}
          isBad={(age ?? 0) > 600_000 && pause === null}
        />
        <Figure name="Done/min" value={formatDecimal(queue.donePerMinute, 1)} />
        <Figure
          name="Fail rate, 1 h"
          value={formatShare(queue.failedShare, 0)}
          isBad={(queue.failedShare ?? 0) > 0.2}
        />
        <Figure name="Per attempt" value={queue.attemptMs === null ? noValue : formatDuration(queue.attemptMs)} />
      </dl>
      <MinuteBars minutes={queue.minutes} name={kindTitle(kind)} />
      <p className="nums flex flex-wrap gap-x-3 text-xs">
        {failed > 0 && (
          <Link href={jobs('failed')} className="text-bad underline underline-offset-2">
            {formatCompact(failed)} failed
          </Link>
        )}
        {stalled > 0 && (
          <Link href={jobs('processing')} className="text-bad underline underline-offset-2">
            {formatCompact(stalled)} stalled
          </Link>
        )}
        {failed + stalled === 0 && <span className="text-ink-faint">nothing failed or stalled</span>}
      </p>
    </article>
  );
}

function Figure(props: { name: string; value: string; note?: string; href?: string; isBad?: boolean }) {
  const { name, value, note, href, isBad } = props;
  return (
    <div className="min-w-0">
      <dt className="truncate text-2xs text-ink-faint" title={name}>
        {name}
      </dt>
      <dd className={classNames('nums truncate font-medium', isBad && 'text-bad')}>
        {href === undefined ? (
          value
        ) : (
          <Link href={href} className="hover:underline" aria-label={`${name}: ${value}`}>
            {value}
          </Link>
        )}
        {note && <span className="ml-1 font-normal text-2xs text-ink-faint">{note}</span>}
      </dd>
    </div>
  );
}
