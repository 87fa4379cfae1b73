import { Badge, type Tone } from '@/ui/badge';
import { formatDuration, noValue } from '@/ui/format-number';
import { Time } from '@/ui/time';
import type { JobDetail } from './queue-types';

type Attempt = JobDetail['attempts'][number];

const words: Record<Attempt['outcome'], { word: string; tone: Tone }> = {
  done: { word: 'done', tone: 'good' },
  failed: { word: 'failed', tone: 'bad' },
  refused: { word: 'refused', tone: 'bad' },
  canceled: { word: 'canceled', tone: 'neutral' },
  released: { word: 'given back', tone: 'warn' },
  lost: { word: 'lost: its worker died or hung', tone: 'bad' },
  running: { word: 'running', tone: 'accent' },
};

/** How each attempt went, newest first, with what it threw. */
export function AttemptList({ attempts }: { attempts: Attempt[] }) {
  if (attempts.length === 0) return <p className="text-ink-faint">No worker has taken it yet.</p>;
  return (
    <ol className="divide-y rounded-md border">
      {attempts.map((attempt) => {
        const { word, tone } = words[attempt.outcome];
        const { startedAt, endedAt, error } = attempt;
        const took = startedAt !== null && endedAt !== null ? endedAt.getTime() - startedAt.getTime() : null;
        return (
          <li key={attempt.attempt} className="grid gap-1 px-3 py-2">
            <div className="flex flex-wrap items-center gap-2">
              <span className="nums font-medium">#{attempt.attempt}</span>
              <Badge tone={tone} dot={attempt.outcome === 'running' ? 'live' : 'still'}>
                {word}
              </Badge>
              <span className="nums flex-1 text-right text-ink-soft text-xs">
                {took === null ? noValue : formatDuration(took)} · <Time at={startedAt} />
              </span>
            </div>
            {error !== null && (
              <p className="break-words text-bad text-xs">
                <span className="font-mono">{error.code}</span> {error.message}
              </p>
            )}
            {error?.stack !== undefined && (
              <details className="text-xs">
                <summary className="cursor-pointer text-ink-soft">Stack</summary>
                <pre tabIndex={0} className="mt-1 max-h-60 overflow-auto rounded-md bg-sunken p-2 font-mono text-2xs">
                  {error.stack}
                </pre>
              </details>
            )}
          </li>
        );
      })}
    </ol>
  );
}
