import type { SessionTimeline } from '@embedding-studio/core';
import { formatCount, formatDuration } from '@/ui/format-number';
import { eventWords } from './flag-words';

/** What happened, in its order, from the search on. */
export function EventList({ session }: { session: SessionTimeline }) {
  if (session.events.length === 0) return null;
  const start = session.at.getTime();
  return (
    <section>
      <h3 className="mb-1.5 font-semibold text-xs">Events, {formatCount(session.eventCount)}</h3>
      <ol className="border-l pl-3">
        {session.events.map((event) => (
          <li key={event.eventId} className="flex items-baseline gap-2 py-0.5 text-xs">
            <span className="nums w-16 shrink-0 text-ink-faint">
              +{formatDuration(Math.max(0, event.at.getTime() - start))}
            </span>
            <span className="shrink-0 font-medium" title={event.type}>
              {event.group === 'other' ? event.type : eventWords[event.group]}
            </span>
            <span className="min-w-0 flex-1 truncate text-ink-soft">{event.title ?? event.itemId}</span>
            <span className="nums shrink-0 text-ink-faint">
              {event.position === null ? '' : `#${event.position}`}
              {event.dwellSeconds === null ? '' : ` ${formatDuration(event.dwellSeconds * 1_000)}`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
