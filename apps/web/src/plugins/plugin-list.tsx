'use client';

import { Plug } from 'lucide-react';
import { Badge } from '@/ui/badge';
import { Card } from '@/ui/card';
import { type Column, DataTable } from '@/ui/data-table';
import { EmptyState } from '@/ui/empty-state';
import { noValue } from '@/ui/format-number';
import { QueryView } from '@/ui/query-view';
import { Select } from '@/ui/select';
import { StatusBadge } from '@/ui/status-badge';
import { PluginPeek } from './plugin-peek';
import { kindTitle, type Plugin, type PluginUse, pluginKey, usePlugins, usePluginUses } from './use-plugins';

function columnsOf(uses: PluginUse[]): Column<Plugin>[] {
  const usesOf = (id: string | null) => uses.filter(({ pluginId }) => pluginId === id).map(({ name }) => name);
  return [
    {
      id: 'title',
      header: 'Plugin',
      width: 'minmax(14rem, 2fr)',
      cell: (plugin) => (
        <>
          <span className="font-medium">{plugin.title || pluginKey(plugin)}</span>{' '}
          <code className="text-2xs text-ink-faint">{plugin.id}</code>
        </>
      ),
    },
    { id: 'kind', header: 'Kind', width: '9.5rem', cell: ({ kind }) => kindTitle(kind) },
    {
      id: 'version',
      header: 'Version',
      width: '4rem',
      cell: ({ version }) => <span className="nums">{version ?? noValue}</span>,
    },
    {
      id: 'from',
      header: 'From',
      width: '5.5rem',
      cell: ({ source }) => (source.name ? `${source.type}: ${source.name}` : source.type),
    },
    { id: 'state', header: 'State', width: '5.5rem', cell: ({ status }) => <StatusBadge status={status} /> },
    {
      id: 'needs',
      header: 'Asks for',
      width: 'minmax(8rem, 1fr)',
      cell: ({ needs }) => (
        <span className="flex gap-1">
          {needs.map((need) => (
            <Badge key={need} tone={['network', 'files', 'secrets'].includes(need) ? 'warn' : 'neutral'}>
              {need}
            </Badge>
          ))}
        </span>
      ),
    },
    {
      id: 'uses',
      header: 'Used by, or last error',
      width: 'minmax(8rem, 1fr)',
      cell: ({ id, error }) =>
        error === null ? (
          <span className="text-ink-soft">{usesOf(id).join(', ') || noValue}</span>
        ) : (
          <span className="text-bad" title={error}>
            {error}
          </span>
        ),
    },
  ];
}

export interface PluginListProps {
  open: string | null;
  onOpen: (id: string | null) => void;
  /** `all`, or one kind. */
  kind: string;
  onKind: (kind: string) => void;
}

export function PluginList({ open, onOpen, kind, onKind }: PluginListProps) {
  const query = usePlugins();
  const uses = usePluginUses();
  const all = query.data ?? [];
  const kinds = [...new Set(all.flatMap((plugin) => (plugin.kind === null ? [] : [plugin.kind])))];
  const rows = kind === 'all' ? all : all.filter((plugin) => plugin.kind === kind);
  const at = rows.findIndex((plugin) => pluginKey(plugin) === open);
  const current = rows[at];
  const goTo = (plugin: Plugin | undefined) => plugin && (() => onOpen(pluginKey(plugin)));
  const filter = (
    <Select
      label="Kind of plugin"
      className="min-w-44"
      value={kind}
      options={[{ value: 'all', title: 'All kinds' }, ...kinds.map((one) => ({ value: one, title: kindTitle(one) }))]}
      onChange={onKind}
    />
  );
  return (
    <Card
      isFlush
      title={query.data === undefined ? 'Plugins' : rows.length === 1 ? 'One plugin' : `${rows.length} plugins`}
      hint="In the process of this console."
      actions={filter}
    >
      <QueryView query={query}>
        {() => (
          <div className="overflow-x-auto">
            <div className={rows.length > 0 ? 'min-w-[60rem]' : ''}>
              <DataTable
                label="Plugins"
                columns={columnsOf(uses)}
                rows={rows}
                rowKey={pluginKey}
                openKey={open}
                onOpen={(plugin) => onOpen(pluginKey(plugin))}
                empty={
                  <EmptyState icon={Plug} title="No plugin of this kind">
                    Put a file into the plugin folder or name a package in the settings, and start again. What a plugin
                    must export is told in docs/plugins.md.
                  </EmptyState>
                }
              />
            </div>
          </div>
        )}
      </QueryView>
      {current !== undefined && (
        <PluginPeek
          key={pluginKey(current)}
          plugin={current}
          uses={uses.filter(({ pluginId }) => pluginId === current.id)}
          onClose={() => onOpen(null)}
          onPrevious={goTo(rows[at - 1])}
          onNext={goTo(rows[at + 1])}
        />
      )}
    </Card>
  );
}
