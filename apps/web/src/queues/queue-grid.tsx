'use client';

import { workerRoles } from '@embedding-studio/contracts';
import { Badge } from '@/ui/badge';
import { PauseControl } from './pause-control';
import { QueueTile } from './queue-tile';
import type { QueuesView } from './queue-types';

/** The queues of each role, those with something to tell first. */
export function QueueGrid({ view }: { view: QueuesView }) {
  return (
    <div className="grid gap-6">
      {workerRoles.map((role) => {
        const queues = view.queues.filter((queue) => queue.role === role);
        const workers = queues[0]?.workers ?? 0;
        const isPaused = queues.every(({ pause }) => pause !== null);
        const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
        return (
          <section key={role} aria-label={`Role ${role}`}>
            <header className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1">
              <h2 className="font-semibold">{role}</h2>
              <Badge tone={workers > 0 ? 'good' : waiting > 0 ? 'bad' : 'warn'} dot="still">
                {workers === 0 ? 'no worker' : workers === 1 ? '1 worker' : `${workers} workers`}
              </Badge>
              {workers === 0 && waiting > 0 && (
                <span className="text-bad text-xs">
                  {waiting} jobs wait: start a worker with <code className="font-mono">--roles {role}</code>
                </span>
              )}
              <span className="flex-1" />
              <PauseControl
                target={{ role }}
                name={`the role ${role}`}
                isPaused={isPaused}
                running={sumRunning(queues)}
              />
            </header>
            <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
              {queues.map((queue) => (
                <QueueTile key={queue.kind} queue={queue} now={view.at} />
              ))}
            </div>
          </section>
        );
      })}
    </div>
  );
}

const sumRunning = (queues: QueuesView['queues']): number => queues.reduce((sum, { running }) => sum + running, 0);
