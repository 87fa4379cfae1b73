import { Actor } from '@/ui/actor';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import { Time } from '@/ui/time';
import type { Experiment } from './experiment-types';

type Event = Experiment['timeline'][number];

const tones: Record<string, string> = {
  started: 'bg-accent',
  traffic: 'bg-accent',
  step: 'bg-accent',
  breach: 'bg-bad',
  rolledBack: 'bg-warn',
  shipped: 'bg-good',
};

/** What happened to it, newest first. */
export function TimelineCard({ events }: { events: readonly Event[] }) {
  const newest = events.map((event, place) => ({ ...event, place })).reverse();
  return (
    <Card title="Timeline" isFlush>
      <ol className="max-h-96 divide-y overflow-y-auto" tabIndex={0} aria-label="Timeline">
        {newest.map(({ place, at, actor, kind, words }) => (
          <li key={place} className="flex items-baseline gap-3 px-4 py-2">
            <span aria-hidden className={classNames('size-2 shrink-0 rounded-full', tones[kind] ?? 'bg-line-strong')} />
            <span className="w-20 shrink-0 text-ink-soft">
              <Time at={at} />
            </span>
            <span className="min-w-0 break-words">
              {words}{' '}
              <span className="text-ink-faint text-xs">
                by <Actor name={actor} />
              </span>
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
