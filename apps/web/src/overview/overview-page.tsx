'use client';

import { Page } from '@/shell/page';
import { SavedViews } from '@/ui/saved-views';
import { KpiGrid } from './kpi-grid';
import { LoopStrip } from './loop-strip';
import { PeriodSwitch } from './period-switch';
import { QueryList } from './query-list';
import { RecentActivity } from './recent-activity';

export function OverviewPage() {
  return (
    <Page
      title="Overview"
      hint="How search does, and where the loop stands."
      actions={
        <>
          <SavedViews page="overview" />
          <PeriodSwitch />
        </>
      }
    >
      <div className="space-y-4">
        <LoopStrip />
        <section aria-label="Figures">
          <KpiGrid />
        </section>
        <div className="grid gap-4 lg:grid-cols-2 xl:grid-cols-3">
          <QueryList
            title="Top queries"
            hint="What people look for most"
            order="frequent"
            nothing="No searches in this period."
          />
          <QueryList
            title="Zero-result queries"
            hint="Asked for, and nothing found"
            order="zero"
            nothing="Every search of this period found something."
          />
          <RecentActivity />
        </div>
      </div>
    </Page>
  );
}
