'use client';

import type { FineTuningEvent } from '@embedding-studio/core';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useEffect, useRef } from 'react';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import { Segmented } from '@/ui/segmented';

const levels = ['debug', 'info', 'warn', 'error'] as const;
const colors = { debug: 'text-ink-faint', info: 'text-ink-soft', warn: 'text-warn', error: 'text-bad' };
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'UTC' });

/** What training says, the newest line last; stays at the end until the reader scrolls up. */
export function LogTail({ lines }: { lines: FineTuningEvent['lines'] }) {
  const [level, setLevel] = useQueryState('level', parseAsStringLiteral(levels).withDefault('info'));
  const frame = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const shown = lines.filter((line) => levels.indexOf(line.level) >= levels.indexOf(level));
  const last = shown.at(-1)?.number;
  useEffect(() => {
    const element = frame.current;
    if (element && last !== undefined && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [last]);
  return (
    <Card
      title="Log"
      isFlush
      actions={
        <Segmented
          label="Least level"
          value={level}
          options={levels.map((value) => ({ value, title: value }))}
          onChange={(next) => void setLevel(next)}
        />
      }
    >
      <div
        ref={frame}
        role="log"
        aria-label="Log of this training"
        tabIndex={0}
        className="h-64 overflow-auto px-4 py-2 font-mono text-xs leading-5"
        onScroll={({ currentTarget: at }) => {
          isAtEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < 30;
        }}
      >
        {shown.length === 0 && <p className="py-6 text-center font-sans text-ink-faint">No lines of this level.</p>}
        {shown.map((line) => (
          <p key={line.number} className="flex gap-3" data-level={line.level}>
            <time className="shrink-0 text-ink-faint" dateTime={line.at.toISOString()}>
              {clock.format(line.at)}
            </time>
            <span className={classNames('w-10 shrink-0', colors[line.level])}>{line.level}</span>
            <span className={classNames('min-w-0 break-words', colors[line.level])}>{line.message}</span>
          </p>
        ))}
      </div>
    </Card>
  );
}
