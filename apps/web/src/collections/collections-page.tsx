'use client';

import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useCallback } from 'react';
import { Page } from '@/shell/page';
import { SavedViews } from '@/ui/saved-views';
import { Tabs } from '@/ui/tabs';
import { CollectionList } from './collection-list';
import { RequestConsole } from './request-console';
import { ServingPair } from './serving-pair';

/** What serves, what stands by, what is being filled; and a console for raw requests. */
export function CollectionsPage() {
  const [{ tab, collection }, setState] = useQueryStates({
    tab: parseAsStringLiteral(['collections', 'requests'] as const).withDefault('collections'),
    collection: parseAsString,
  });
  const open = useCallback((id: string | null) => void setState({ collection: id }), [setState]);
  return (
    <Page
      title="Collections"
      hint="Vectors of one model over all items. One is live; the one before it stands by for rollback."
      actions={<SavedViews page="collections" ignored={['collection']} />}
    >
      <Tabs
        label="Part of the page"
        value={tab}
        onChange={(next) => void setState({ tab: next })}
        tabs={[
          {
            value: 'collections',
            title: 'Collections',
            content: (
              <div className="space-y-6">
                <ServingPair />
                <CollectionList open={collection} onOpen={open} />
              </div>
            ),
          },
          { value: 'requests', title: 'Requests', content: <RequestConsole /> },
        ]}
      />
    </Page>
  );
}
