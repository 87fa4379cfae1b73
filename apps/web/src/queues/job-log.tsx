'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/trpc/client';
import { classNames } from '@/ui/class-names';
import { QueryView } from '@/ui/query-view';

const renewMs = 10_000;
const colours = { debug: 'text-ink-faint', info: 'text-ink-soft', warn: 'text-warn', error: 'text-bad' };
const clock = new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'UTC' });

/** The last lines that a job said, the newest last. */
export function JobLog({ taskId, isRunning }: { taskId: string; isRunning: boolean }) {
  const trpc = useTRPC();
  const options = { refetchInterval: isRunning ? renewMs : false } as const;
  const query = useQuery(trpc.task.listTaskLog.queryOptions({ taskId }, options));
  return (
    <QueryView query={query}>
      {({ lines }) =>
        lines.length === 0 ? (
          <p className="text-ink-faint">It has said nothing yet.</p>
        ) : (
          <div
            role="log"
            aria-label="Log of this job"
            tabIndex={0}
            className="max-h-64 overflow-auto rounded-md border px-3 py-2 font-mono text-2xs leading-5"
          >
            {lines.toReversed().map(({ number, level, message, at }) => (
              <p key={number} className="flex gap-2" data-level={level}>
                <time className="shrink-0 text-ink-faint" dateTime={at.toISOString()}>
                  {clock.format(at)}
                </time>
                <span className={classNames('min-w-0 break-words', colours[level])}>
                  {level === 'info' ? '' : `${level}: `}
                  {message}
                </span>
              </p>
            ))}
          </div>
        )
      }
    </QueryView>
  );
}
