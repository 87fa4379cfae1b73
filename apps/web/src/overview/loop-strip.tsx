'use client';

import type { LoopStage } from '@embedding-studio/core';
import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { useTRPC } from '@/trpc/client';
import { Badge } from '@/ui/badge';
import { formatDuration } from '@/ui/format-number';
import { QueryView } from '@/ui/query-view';
import { Skeleton } from '@/ui/skeleton';
import { Time } from '@/ui/time';
import { actionLink, figureWord, stageTitles, stateTones, stateWord } from './loop-words';

const renewMs = 15_000;
const row = 'grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-3 xl:grid-cols-6';

/** From events to live: where each stage stands, since when, and what to do next. */
export function LoopStrip() {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.analytics.getLoopHealth.queryOptions(), refetchInterval: renewMs });
  return (
    <QueryView query={query} skeleton={<Skeleton className="h-[92px] rounded-lg" />}>
      {(stages) => (
        <ol aria-label="The loop" className={row}>
          {stages.map((stage) => (
            <StageCell key={stage.stage} stage={stage} />
          ))}
        </ol>
      )}
    </QueryView>
  );
}

function StageCell({ stage }: { stage: LoopStage }) {
  const figure = figureWord(stage);
  const link = stage.next === null ? null : actionLink(stage.next);
  return (
    <li data-stage={stage.stage} className="flex min-w-0 flex-col gap-1 bg-surface p-3">
      <div className="flex items-center justify-between gap-2">
        <span className="font-medium">{stageTitles[stage.stage]}</span>
        <Badge tone={stateTones[stage.state]} dot={stage.state === 'working' ? 'live' : 'still'}>
          {stateWord(stage)}
        </Badge>
      </div>
      <span className="nums truncate text-ink-soft text-xs">{figure ?? progressWord(stage) ?? '\u00a0'}</span>
      {stage.auto !== undefined && (
        <Link
          href="/fine-tuning"
          title={stage.auto.words}
          data-auto={stage.auto.mode}
          className="nums truncate text-accent text-xs hover:underline"
        >
          {stage.auto.mode}: {stage.auto.words}
        </Link>
      )}
      {stage.alert !== undefined && (
        <Link href="/search?view=golden" title={stage.alert} className="truncate text-bad text-xs hover:underline">
          {stage.alert}
        </Link>
      )}
      <div className="flex items-center justify-between gap-2 text-xs">
        <span className="text-ink-faint">{stage.since === null ? '' : <Time at={stage.since} />}</span>
        {link !== null && (
          <Link href={link.href} className="inline-flex items-center gap-0.5 font-medium text-accent hover:underline">
            {link.text}
            <ChevronRight aria-hidden className="size-3" />
          </Link>
        )}
      </div>
    </li>
  );
}

function progressWord({ progress }: LoopStage): string | null {
  if (progress === null) return null;
  const share = progress.total > 0 ? `${Math.round((progress.done / progress.total) * 100)} %` : progress.note;
  return progress.secondsLeft === null ? share : `${share}, ${formatDuration(progress.secondsLeft * 1_000)} left`;
}
