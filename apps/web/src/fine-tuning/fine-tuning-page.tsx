'use client';

import type { FineTuningJob } from '@embedding-studio/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Plus, Sparkles } from 'lucide-react';
import { parseAsBoolean, parseAsString, useQueryStates } from 'nuqs';
import { Page } from '@/shell/page';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/empty-state';
import { AutoTrainingCard } from './auto-training-card';
import { JobRow } from './job-row';
import { StartForm } from './start-form';

/** Fine-tunings, newest first, and the form that starts one. */
export function FineTuningPage() {
  const [{ start, clone }, change] = useQueryStates({
    start: parseAsBoolean.withDefault(false),
    clone: parseAsString,
  });
  const refusal = useRefusal('engineer');
  const trpc = useTRPC();
  const client = useTRPCClient();
  const query = useInfiniteQuery({
    queryKey: [...trpc.fineTuning.listFineTunings.queryKey(), 'pages'],
    queryFn: ({ pageParam, signal }) => client.fineTuning.listFineTunings.query({ after: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    // States move over minutes; the page of a job is live.
    refetchInterval: 15_000,
  });
  const jobs = query.data?.pages.flatMap((page) => page.jobs) ?? [];
  return (
    <Page
      title="Fine-tuning"
      hint="Train on what users clicked; the gate lets through only what helps them."
      actions={
        <Button
          kind="primary"
          disabled={refusal !== null}
          title={refusal ?? undefined}
          onClick={() => void change({ start: true, clone: null })}
        >
          <Plus /> New fine-tuning
        </Button>
      }
    >
      {start && (
        <StartForm cloneOf={clone} refusal={refusal} onClose={() => void change({ start: null, clone: null })} />
      )}
      <AutoTrainingCard />
      {query.error && (
        <p className="mb-3 text-bad">
          {query.error.message}{' '}
          <Button size="small" onClick={() => void query.refetch()}>
            Try again
          </Button>
        </p>
      )}
      {query.isPending ? <ListSkeleton /> : jobs.length === 0 && !query.error ? <NoJobs /> : <JobList jobs={jobs} />}
      {query.hasNextPage && (
        <Button className="mt-3" isPending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Older ones
        </Button>
      )}
    </Page>
  );
}

function JobList({ jobs }: { jobs: readonly FineTuningJob[] }) {
  if (jobs.length === 0) return null;
  return (
    <ul className="divide-y overflow-hidden rounded-lg border bg-surface" aria-label="Fine-tunings">
      {jobs.map((job) => (
        <JobRow key={job.jobId} job={job} />
      ))}
    </ul>
  );
}

function ListSkeleton() {
  return (
    <div className="grid gap-px overflow-hidden rounded-lg border" aria-busy="true">
      {[0, 1, 2, 3].map((row) => (
        <div key={row} className="h-16 animate-pulse bg-sunken" />
      ))}
    </div>
  );
}

function NoJobs() {
  return (
    <EmptyState icon={Sparkles} title="No fine-tuning yet">
      Once sessions with clicks have come in, a fine-tuning teaches the model what your users mean. From the command
      line: <code className="rounded bg-sunken px-1 font-mono text-xs">./studio demo</code> runs one on films.
    </EmptyState>
  );
}
