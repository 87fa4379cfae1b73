'use client';

import type { SettingsSearchView } from '@embedding-studio/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/trpc/client';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { formatDecimal, formatDelta, formatDuration } from '@/ui/format-number';
import { SearchCurves } from './search-curves';
import { SearchImportance } from './search-importance';
import { SearchParallel } from './search-parallel';
import { TrialTable } from './trial-table';

/** The trials behind a training: which settings were tried, how well they did, and what mattered. */
export function SearchCard({ jobId, isRunning }: { jobId: string; isRunning: boolean }) {
  const trpc = useTRPC();
  const [isTable, setTable] = useState(false);
  const { data: search } = useQuery({
    ...trpc.fineTuning.getSettingsSearch.queryOptions({ jobId }),
    refetchInterval: isRunning ? 10_000 : false,
  });
  if (!search) return null;
  return (
    <Card
      title="Search of settings"
      hint={`${search.trials.length} trainings, ${formatDuration(search.seconds * 1_000)} of ${formatDuration(search.secondsMax * 1_000)}`}
      actions={
        <>
          {search.status === 'RUNNING' && <Badge tone="accent">running</Badge>}
          <Button size="small" kind="quiet" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
            {isTable ? 'Show as charts' : 'Show as table'}
          </Button>
        </>
      }
    >
      <Verdict search={search} />
      {isTable ? (
        <TrialTable trials={search.trials} />
      ) : (
        <div className="grid gap-5">
          <SearchParallel trials={search.trials} />
          <SearchCurves trials={search.trials} isRunning={isRunning} />
          <SearchImportance importance={search.importance} />
        </div>
      )}
    </Card>
  );
}

function Verdict({ search: { best, baseline, trials } }: { search: SettingsSearchView }) {
  const failed = trials.filter(({ status }) => status === 'FAILED').length;
  if (best === null)
    return <p className="mb-3 text-ink-soft text-xs">No trial has ended yet; their curves appear as they run.</p>;
  const gain = baseline === null || best.score === null ? null : best.score - baseline;
  return (
    <p className="nums mb-3 text-xs">
      Best: trial {best.trial + 1} with nDCG@10 {formatDecimal(best.score, 4)}
      {gain !== null && best.trial > 0 && `, ${formatDelta(gain, 4)} over the settings as given`}
      {best.trial === 0 && ', the settings as given'}.{failed > 0 && ` ${failed} failed.`}
    </p>
  );
}
