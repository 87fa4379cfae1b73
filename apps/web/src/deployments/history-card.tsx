import { Card } from '@/ui/card';
import { Time } from '@/ui/time';
import type { RolloutDetail } from './rollout-types';

/** Who moved it, when, and why. */
export function HistoryCard({ history }: { history: RolloutDetail['history'] }) {
  return (
    <Card title="History" hint="Every move and every act, newest first." isFlush>
      <ol className="divide-y">
        {history.map(({ at, actor, what, detail }) => (
          <li
            key={`${at.getTime()}-${what}`}
            className="grid gap-x-4 gap-y-0.5 px-4 py-2 sm:grid-cols-[7rem_12rem_minmax(0,1fr)]"
          >
            <span className="text-ink-soft">
              <Time at={at} />
            </span>
            <span className="font-medium">{what}</span>
            <span className="min-w-0 break-words text-ink-soft">
              {detail} <span className="text-ink-faint text-xs">by {actor}</span>
            </span>
          </li>
        ))}
        {history.length === 0 && <li className="px-4 py-3 text-ink-faint">Nothing has happened to it yet.</li>}
      </ol>
    </Card>
  );
}
