'use client';

import { useSubscription } from '@trpc/tanstack-react-query';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { Page } from '@/shell/page';
import { useTRPC } from '@/trpc/client';
import { ErrorState } from '@/ui/error-state';
import { SavedViews } from '@/ui/saved-views';
import { SkeletonRows } from '@/ui/skeleton';
import { Tabs } from '@/ui/tabs';
import { JobsView } from './jobs-view';
import { QueueGrid } from './queue-grid';
import type { QueuesView } from './queue-types';
import { ScheduleList } from './schedule-list';
import { WorkerTable } from './worker-table';

const tabs = ['queues', 'workers', 'jobs'] as const;

/** What waits, what runs, who runs it, and every job there was. */
export function QueuesPage() {
  const trpc = useTRPC();
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(tabs).withDefault('queues'));
  const live = useSubscription(trpc.queue.watchQueues.subscriptionOptions());
  const view = live.data;
  const open = view?.queues.reduce((sum, { waiting, running }) => sum + waiting + running, 0);
  const loaded = (show: (view: QueuesView) => React.ReactNode) => {
    if (view !== undefined) return show(view);
    return live.error ? <ErrorState error={live.error} onRetry={live.reset} /> : <SkeletonRows rows={10} />;
  };
  return (
    <Page
      title="Queues & workers"
      hint="What waits, what runs and who runs it. Jobs are documents: nothing is lost with a queue."
      actions={<SavedViews page="queues" ignored={['job']} />}
    >
      <Tabs
        label="Views"
        value={tab}
        onChange={(value) => void setTab(value)}
        tabs={[
          {
            value: 'queues',
            title: <Counted title="Queues" count={open} />,
            content: loaded((all) => (
              <div className="grid gap-6">
                <QueueGrid view={all} />
                <ScheduleList />
              </div>
            )),
          },
          {
            value: 'workers',
            title: <Counted title="Workers" count={view?.workers.filter(({ isLive }) => isLive).length} />,
            content: loaded(({ workers }) => <WorkerTable workers={workers} />),
          },
          { value: 'jobs', title: 'Jobs', content: <JobsView /> },
        ]}
      />
    </Page>
  );
}

function Counted({ title, count }: { title: string; count: number | undefined }) {
  return (
    <>
      {title}
      {count !== undefined && (
        <span className="nums ml-1.5 rounded-full bg-sunken px-1.5 text-2xs text-ink-soft">{count}</span>
      )}
    </>
  );
}
