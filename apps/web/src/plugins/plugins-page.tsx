'use client';

import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { Page } from '@/shell/page';
import { SavedViews } from '@/ui/saved-views';
import { Tabs } from '@/ui/tabs';
import { ChainEditor } from './chain-editor';
import { PluginList } from './plugin-list';

/** What can be plugged in, and what takes part in the searches of each collection. */
export function PluginsPage() {
  const [{ tab, plugin, kind, collection }, setState] = useQueryStates({
    tab: parseAsStringLiteral(['plugins', 'chain'] as const).withDefault('plugins'),
    plugin: parseAsString,
    kind: parseAsString.withDefault('all'),
    collection: parseAsString,
  });
  return (
    <Page
      title="Plugins"
      hint="Loaders, text processors, splitters, query processors, rankers and training methods: built in, from the plugin folder, or from packages."
      actions={<SavedViews page="plugins" ignored={['plugin']} />}
    >
      <Tabs
        label="Part of the page"
        value={tab}
        onChange={(next) => void setState({ tab: next, plugin: null })}
        tabs={[
          {
            value: 'plugins',
            title: 'Installed',
            content: (
              <PluginList
                open={plugin}
                onOpen={(id) => void setState({ plugin: id })}
                kind={kind}
                onKind={(next) => void setState({ kind: next })}
              />
            ),
          },
          {
            value: 'chain',
            title: 'Search chain',
            content: <ChainEditor collectionId={collection} onCollection={(id) => void setState({ collection: id })} />,
          },
        ]}
      />
    </Page>
  );
}
