'use client';

import { useMutation } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPCClient } from '@/trpc/client';
import { Card } from '@/ui/card';
import { formatCount, formatDecimal, formatDuration, noValue } from '@/ui/format-number';
import { ProgressBar } from '@/ui/progress-bar';
import { toast } from '@/ui/toast';
import type { RolloutDetail } from './rollout-types';

type Running = NonNullable<RolloutDetail['progress']>;

/** The running step: how far, how fast, how long still; and how fast it may go. */
export function ProgressCard({ progress }: { progress: Running }) {
  const { done, total, note, itemsPerSecond, secondsLeft } = progress;
  return (
    <Card title="Under way" hint={note === '' ? 'Waits for a worker to say more.' : note}>
      <div className="grid gap-3">
        <ProgressBar label={note || 'Progress'} share={total > 0 ? done / total : null} />
        <dl className="nums flex flex-wrap gap-x-8 gap-y-2">
          <Figure name="Done" value={total === 0 ? noValue : `${formatCount(done)} of ${formatCount(total)}`} />
          <Figure name="Pace" value={itemsPerSecond === null ? noValue : `${formatDecimal(itemsPerSecond, 1)}/s`} />
          <Figure name="Left" value={secondsLeft === null ? noValue : formatDuration(secondsLeft * 1_000)} />
        </dl>
        {progress.isPaced && <Throttle progress={progress} />}
      </div>
    </Card>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="text-ink-faint text-xs">{name}</dt>
      <dd className="font-medium text-base">{value}</dd>
    </div>
  );
}

/** Places of the slider; the last one is no limit. */
const rates = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000] as const;
const unlimited = rates.length;

function placeOf(rate: number | null | undefined): number {
  if (rate === null || rate === undefined) return unlimited;
  const at = rates.findIndex((one) => one >= rate);
  return at === -1 ? unlimited - 1 : at;
}

const wordsOf = (place: number): string =>
  place >= unlimited ? 'as fast as it can' : `at most ${formatCount(rates[place])} items/s`;

function Throttle({ progress }: { progress: Running }) {
  const client = useTRPCClient();
  const refusal = useRefusal('engineer');
  const id = useId();
  const stored = placeOf(progress.throttle);
  const [place, setPlace] = useState(stored);
  useEffect(() => setPlace(stored), [stored]);
  const change = useMutation({
    mutationFn: (at: number) =>
      client.task.throttleTask.mutate({ taskId: progress.taskId, itemsPerSecond: rates[at] ?? null }),
    onSuccess: (_task, at) => toast.success(`Goes ${wordsOf(at)}, within a second or two.`),
    onError: (error) => {
      setPlace(stored);
      toast.error(error.message, { duration: Number.POSITIVE_INFINITY });
    },
  });
  const commit = () => {
    if (place !== stored && !change.isPending) change.mutate(place);
  };
  return (
    <div className="grid max-w-xl gap-1 border-t pt-3">
      <label htmlFor={id} className="flex justify-between gap-3 text-xs">
        <span className="font-medium">Throttle</span>
        <output className="nums text-ink-soft">{wordsOf(place)}</output>
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={unlimited}
        step={1}
        value={place}
        disabled={refusal !== null}
        title={refusal ?? undefined}
        aria-valuetext={wordsOf(place)}
        aria-describedby={`${id}-hint`}
        onChange={(event) => setPlace(Number(event.target.value))}
        onPointerUp={commit}
        onKeyUp={commit}
        onBlur={commit}
        className="w-full accent-accent"
      />
      <p id={`${id}-hint`} className="text-ink-faint text-xs">
        {refusal ?? 'Lower it when searches feel slow: embedding shares the model server with them.'}
      </p>
    </div>
  );
}
