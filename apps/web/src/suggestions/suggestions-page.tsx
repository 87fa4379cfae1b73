'use client';

import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { Page } from '@/shell/page';
import { SavedViews } from '@/ui/saved-views';
import { Tabs } from '@/ui/tabs';
import { CategoriesView } from './categories-view';
import { LearnCard } from './learn-card';
import { PhraseList } from './phrase-list';
import { TryBox } from './try-box';

/** What completes queries while they are typed, and what kind of thing a query looks for. */
export function SuggestionsPage() {
  const [tab, setTab] = useQueryState(
    'tab',
    parseAsStringLiteral(['phrases', 'categories'] as const).withDefault('phrases'),
  );
  return (
    <Page
      title="Suggestions & categories"
      hint="Phrases that complete what people type, given by you or learned from sessions; and the category that a query most likely means."
      actions={<SavedViews page="suggestions" ignored={['phrase']} />}
    >
      <Tabs
        label="Part of the page"
        value={tab}
        onChange={(next) => void setTab(next)}
        tabs={[
          {
            value: 'phrases',
            title: 'Suggestions',
            content: (
              <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
                <div className="order-2 min-w-0 xl:order-1">
                  <PhraseList />
                </div>
                <div className="order-1 min-w-0 space-y-4 xl:order-2">
                  <TryBox />
                  <LearnCard />
                </div>
              </div>
            ),
          },
          { value: 'categories', title: 'Categories', content: <CategoriesView /> },
        ]}
      />
    </Page>
  );
}
