'use client';

import { PeriodSwitch } from '@/overview/period-switch';
import { Page } from '@/shell/page';
import { SavedViews } from '@/ui/saved-views';
import { MetricChart } from './metric-chart';
import { MetricPicker } from './metric-picker';
import { QueryLists } from './query-lists';
import { useAnalytics } from './use-analytics';

export function AnalyticsPage() {
  const { state, change } = useAnalytics();
  return (
    <Page
      title="Analytics"
      hint="How people search, what they find and what they do not, beside the period before."
      actions={
        <>
          <SavedViews page="analytics" ignored={['query']} />
          <PeriodSwitch />
        </>
      }
    >
      <div className="space-y-4">
        <div className="gap-4 lg:flex">
          <aside className="mb-4 shrink-0 lg:mb-0 lg:w-72">
            <MetricPicker state={state} change={change} />
          </aside>
          <section aria-label="Chart" className="min-w-0 flex-1">
            <MetricChart state={state} change={change} />
          </section>
        </div>
        <QueryLists state={state} change={change} />
      </div>
    </Page>
  );
}
