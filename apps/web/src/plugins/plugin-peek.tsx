'use client';

import Link from 'next/link';
import { useState } from 'react';
import { Badge } from '@/ui/badge';
import { FactList } from '@/ui/fact-list';
import { noValue } from '@/ui/format-number';
import { checkValue, type JsonSchema } from '@/ui/json-schema';
import { Peek } from '@/ui/peek';
import { SchemaForm } from '@/ui/schema-form';
import { StatusBadge } from '@/ui/status-badge';
import { TryPlugin } from './try-plugin';
import { kindTitle, type Plugin, type PluginUse, pluginKey } from './use-plugins';

export interface PluginPeekProps {
  plugin: Plugin;
  uses: PluginUse[];
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
}

const triable = ['query-processor', 'ranker', 'text-processor', 'splitter'];

/** What a plugin says of itself, its config as a form, and what it makes of a sample. */
export function PluginPeek({ plugin, uses, ...peek }: PluginPeekProps) {
  const [config, setConfig] = useState<Record<string, unknown>>({});
  const schema = plugin.configSchema as JsonSchema | null;
  const faults = schema === null ? {} : checkValue(schema, config);
  const isTriable = plugin.kind !== null && plugin.status === 'ready' && triable.includes(plugin.kind);
  return (
    <Peek title={plugin.title || pluginKey(plugin)} hint={<code>{pluginKey(plugin)}</code>} {...peek}>
      <div className="space-y-6">
        {plugin.error !== null && (
          <p role="alert" className="rounded-md border border-bad/40 bg-bad-soft px-3 py-2 text-bad">
            {plugin.error}
          </p>
        )}
        <p className="text-ink-soft">{plugin.description}</p>
        <FactList
          facts={[
            ['Kind', kindTitle(plugin.kind)],
            ['State', <StatusBadge key="state" status={plugin.status} />],
            ['Version', plugin.version ?? noValue],
            ['From', plugin.source.name ? `${plugin.source.type}: ${plugin.source.name}` : plugin.source.type],
            ['Asks for', plugin.needs.length === 0 ? noValue : <Needs key="needs" needs={plugin.needs} />],
            ['Used by', uses.length === 0 ? noValue : <Uses key="uses" uses={uses} />],
          ]}
        />
        {schema !== null && (
          <section>
            <h3 className="mb-1 font-semibold text-[13px]">Config</h3>
            <p className="mb-3 text-ink-faint text-xs">
              For a trial below; nothing is stored here. Where it is used, its config is set: in the search chain, a
              data source, or a training.
            </p>
            <SchemaForm schema={schema} value={config} onChange={setConfig} faults={faults} />
          </section>
        )}
        {isTriable && (
          <TryPlugin
            pluginId={plugin.id ?? ''}
            kind={plugin.kind ?? ''}
            config={config}
            isFaulty={Object.keys(faults).length > 0}
          />
        )}
      </div>
    </Peek>
  );
}

function Needs({ needs }: { needs: readonly string[] }) {
  return (
    <span className="flex flex-wrap gap-1">
      {needs.map((need) => (
        <Badge key={need}>{need}</Badge>
      ))}
    </span>
  );
}

function Uses({ uses }: { uses: PluginUse[] }) {
  return (
    <ul className="space-y-0.5">
      {uses.map((use) => (
        <li key={`${use.in}-${use.id}`}>
          <Link
            className="text-accent underline-offset-2 hover:underline"
            prefetch={false}
            href={use.in === 'source' ? `/data-sources?source=${use.id}` : `/plugins?tab=chain&collection=${use.id}`}
          >
            {use.name}
          </Link>{' '}
          <span className="text-ink-faint">{use.in === 'source' ? 'data source' : 'collection'}</span>
        </li>
      ))}
    </ul>
  );
}
