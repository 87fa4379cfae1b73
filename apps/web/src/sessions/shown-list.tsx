'use client';

import type { SessionTimeline } from '@embedding-studio/core';
import { MousePointerClick } from 'lucide-react';
import { useState } from 'react';
import { classNames } from '@/ui/class-names';
import { formatCount, formatDuration } from '@/ui/format-number';

const shownAtFirst = 10;

/** The list as it was shown, with how long users stayed at each item. */
export function ShownList({ session }: { session: SessionTimeline }) {
  const [isWhole, setWhole] = useState(false);
  const longest = Math.max(1, ...session.shown.map(({ dwellSeconds }) => dwellSeconds ?? 0));
  const items = isWhole ? session.shown : session.shown.filter(({ clicks }, at) => at < shownAtFirst || clicks > 0);
  return (
    <section>
      <h3 className="mb-1.5 font-semibold text-xs">Shown, {formatCount(session.shownCount)}</h3>
      {items.length === 0 && <p className="text-ink-faint text-xs">Nothing was found.</p>}
      <ol>
        {items.map((item) => (
          <li
            key={item.itemId}
            className={classNames('flex items-center gap-2 py-1', item.clicks === 0 && 'text-ink-soft')}
          >
            <span className="nums w-6 shrink-0 text-right text-ink-faint text-xs">{item.position}</span>
            <span className="min-w-0 flex-1">
              <span className="block truncate" title={item.itemId}>
                {item.title ?? <span className="font-mono text-xs">{item.itemId}</span>}
              </span>
              {item.dwellSeconds !== null && (
                <span className="mt-0.5 flex items-center gap-2">
                  <span className="h-1.5 flex-1 rounded-full bg-sunken">
                    <span
                      className="block h-full rounded-full bg-series-1"
                      style={{ width: `${Math.max(2, (item.dwellSeconds / longest) * 100)}%` }}
                    />
                  </span>
                  <span className="nums w-16 text-right text-2xs text-ink-faint">
                    {formatDuration(item.dwellSeconds * 1_000)}
                  </span>
                </span>
              )}
            </span>
            {item.clicks > 0 && (
              <span className="flex items-center gap-0.5 text-accent text-xs">
                <MousePointerClick role="img" aria-label="Clicked" className="size-3.5" />
                {item.clicks > 1 && item.clicks}
              </span>
            )}
          </li>
        ))}
      </ol>
      {!isWhole && items.length < session.shown.length && (
        <button
          type="button"
          className="mt-1 font-medium text-accent text-xs hover:underline"
          onClick={() => setWhole(true)}
        >
          Show all {session.shown.length}
        </button>
      )}
    </section>
  );
}
