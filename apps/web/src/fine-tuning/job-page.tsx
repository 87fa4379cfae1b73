'use client';

import type { FineTuningDetail } from '@embedding-studio/core';
import Link from 'next/link';
import { Page } from '@/shell/page';
import { TrainingRows } from '@/training-rows/training-rows';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { formatCount, formatDuration } from '@/ui/format-number';
import { Time } from '@/ui/time';
import { DataCard } from './data-card';
import { GateQueries } from './gate-queries';
import { GateReportCard } from './gate-report-card';
import { JobActions } from './job-actions';
import { LiveCharts } from './live-charts';
import { LogTail } from './log-tail';
import { SearchCard } from './search-card';
import { StateBadge } from './state-badge';
import { Stepper } from './stepper';
import { stepsOf } from './steps';
import { TierCard } from './tier-card';
import { useJobStream } from './use-job-stream';

/** One fine-tuning, live: how far it is, its curves and log, its data, and what the gate says. */
export function JobPage({ jobId }: { jobId: string }) {
  const { detail, live, connection, reconnect } = useJobStream(jobId);
  const job = detail.data;
  if (detail.error)
    return (
      <Page title="Fine-tuning">
        <div className="rounded-lg border p-8 text-center">
          <p className="mb-3 text-bad">{detail.error.message}</p>
          <Button asChild>
            <Link href="/fine-tuning">All fine-tunings</Link>
          </Button>
        </div>
      </Page>
    );
  if (!job)
    return (
      <Page title="Fine-tuning">
        <div className="h-96 animate-pulse rounded-lg bg-sunken" aria-busy="true" />
      </Page>
    );
  return (
    <Page
      title={
        <span className="flex flex-wrap items-center gap-2">
          {job.model?.name ?? `Fine-tuning of ${job.baseModel.name}`} <StateBadge job={job} />
        </span>
      }
      hint={
        <>
          {job.method}, from {job.baseModel.name}, requested <Time at={job.createdAt} />
        </>
      }
      actions={<JobActions job={job} onChange={reconnect} />}
    >
      <div className="mb-4 flex flex-wrap items-center gap-x-6 gap-y-2 rounded-lg border bg-surface px-4 py-3">
        <Stepper steps={stepsOf(job)} />
        <span className="flex-1" />
        <JobProgress job={job} />
        {connection === 'error' && <Badge tone="warn">connection lost, trying again</Badge>}
      </div>
      {job.error && (
        <p role="alert" className="mb-4 rounded-lg border border-bad/30 bg-bad-soft px-4 py-2.5 text-bad text-xs">
          {job.error.message}
        </p>
      )}
      <div className="grid gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="grid min-w-0 content-start gap-4">
          <LiveCharts series={live.series} isWaiting={job.status === 'pending' || job.status === 'processing'} />
          <TierCard tiers={job.tiers} />
          <SearchCard jobId={jobId} isRunning={job.status === 'processing'} />
          <LogTail lines={live.lines} />
          <GateQueries jobId={jobId} counts={job.gate} />
        </div>
        <div className="grid min-w-0 content-start gap-4">
          <GateReportCard report={job.gateReport} />
          <DataCard card={job.dataCard} />
          <Settings job={job} />
        </div>
      </div>
      <div className="mt-4">
        <TrainingRows job={job} />
      </div>
    </Page>
  );
}

function JobProgress({ job }: { job: FineTuningDetail }) {
  const { progress, status } = job;
  if (status !== 'processing' || progress === null) return null;
  const share = progress.total > 0 ? progress.done / progress.total : 0;
  return (
    <span className="nums flex items-center gap-3 text-ink-soft text-xs" data-testid="progress">
      <progress
        aria-label="Training"
        max={progress.total}
        value={progress.done}
        className="h-1.5 w-32 appearance-none overflow-hidden rounded-full bg-sunken [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
      />
      step {formatCount(progress.done)} of {formatCount(progress.total)} ({Math.round(share * 100)} %)
      {progress.secondsLeft !== null && <span>{formatDuration(progress.secondsLeft * 1_000)} left</span>}
    </span>
  );
}

function Settings({ job }: { job: FineTuningDetail }) {
  const params = Object.entries(job.run?.params ?? {});
  return (
    <Card
      title="Settings"
      actions={
        job.runId && (
          <Button asChild size="small" kind="quiet">
            <Link href={`/runs?run=${job.runId}&view=table`}>Compare runs</Link>
          </Button>
        )
      }
    >
      {params.length === 0 ? (
        <p className="text-ink-faint text-xs">Known once training has begun.</p>
      ) : (
        <dl className="nums grid gap-x-6 text-xs sm:grid-cols-2">
          {params.map(([key, value]) => (
            <div key={key} className="flex justify-between gap-4 border-t py-1">
              <dt className="font-mono text-ink-soft">{key}</dt>
              <dd className="truncate" title={value}>
                {value}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  );
}
