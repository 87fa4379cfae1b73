'use client';

import type { SessionTimeline } from '@embedding-studio/core';
import { CornerDownRight } from 'lucide-react';
import { classNames } from '@/ui/class-names';
import { formatDuration } from '@/ui/format-number';

const words = { keystroke: 'typed on', reformulated: 'asked otherwise' } as const;

/** What the same user asked shortly before and after: a query that was reworded says what was missing. */
export function NearbySearches({ session, onOpen }: { session: SessionTimeline; onOpen(sessionId: string): void }) {
  if (session.nearby.length < 2) return null;
  return (
    <section>
      <h3 className="mb-1.5 font-semibold text-xs">Same user, within ten minutes</h3>
      <ol>
        {session.nearby.map((search) => {
          const isThis = search.sessionId === session.sessionId;
          const gap = search.at.getTime() - session.at.getTime();
          return (
            <li key={search.sessionId}>
              <button
                type="button"
                aria-current={isThis || undefined}
                disabled={isThis}
                onClick={() => onOpen(search.sessionId)}
                className={classNames(
                  'flex w-full items-center gap-2 rounded px-1.5 py-1 text-left text-xs hover:bg-hover',
                  isThis && 'bg-selected font-medium',
                )}
              >
                <span className="nums w-20 shrink-0 text-ink-faint">
                  {isThis ? 'this' : `${gap < 0 ? '−' : '+'}${formatDuration(Math.abs(gap))}`}
                </span>
                <span className="min-w-0 flex-1 truncate">{search.text || '(no text)'}</span>
                <span className="nums text-ink-faint">
                  {search.clicks === 1 ? '1 click' : `${search.clicks} clicks`}
                </span>
              </button>
              {search.continuation !== null && (
                <span className="flex items-center gap-1 pl-6 text-2xs text-warn">
                  <CornerDownRight aria-hidden className="size-3" />
                  {words[search.continuation]}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
