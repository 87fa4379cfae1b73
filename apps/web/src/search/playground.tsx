'use client';

import { Page } from '@/shell/page';
import { SavedViews } from '@/ui/saved-views';
import { Tabs } from '@/ui/tabs';
import { CompareView } from './compare-view';
import { GoldenSet } from './golden-set';
import { QuerySetView } from './query-set-view';
import { usePlayground } from './use-playground';

/** Several ways to search, side by side: for one query, or for many at once. */
export function SearchPlayground({ gatewayUrl }: { gatewayUrl: string }) {
  const playground = usePlayground();
  return (
    <Page
      title="Search playground"
      hint="Compare collections, weights and filters on the same query. Nothing you do here counts as a session."
      actions={<SavedViews page="search" ignored={['item']} />}
    >
      <Tabs
        label="What to compare"
        value={playground.view}
        onChange={(view) => void playground.setState({ view })}
        tabs={[
          { value: 'compare', title: 'One query', content: <CompareView {...{ playground, gatewayUrl }} /> },
          { value: 'set', title: 'Query set', content: <QuerySetView playground={playground} /> },
          { value: 'golden', title: 'Golden set', content: <GoldenSet playground={playground} /> },
        ]}
      />
    </Page>
  );
}
