'use client';

import { useQuery } from '@tanstack/react-query';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { FactList } from '@/ui/fact-list';
import { formatDuration, noValue } from '@/ui/format-number';
import { PlainTable } from '@/ui/plain-table';
import { QueryView } from '@/ui/query-view';
import { StatusBadge } from '@/ui/status-badge';
import product from '../../package.json';

export function AboutTab() {
  const refusal = useRefusal('engineer');
  return (
    <div className="space-y-5">
      <Card title="Embedding Studio">
        <FactList
          facts={[
            ['Version', product.version],
            ['Licence', product.license],
            ['Console', `Next ${product.dependencies.next}, React ${product.dependencies.react}`],
          ]}
        />
      </Card>
      <Card title="Services" hint="What this console stands on, and whether it answers now." isFlush>
        {refusal === null ? <Services /> : <EmptyState title="For engineers and admins">{refusal}</EmptyState>}
      </Card>
      <p className="text-ink-faint">
        On the machine itself <code>./studio doctor</code> says how each service is had, and why.
      </p>
    </div>
  );
}

function Services() {
  const trpc = useTRPC();
  const query = useQuery(trpc.system.describeSystem.queryOptions(undefined, { staleTime: 0 }));
  return (
    <QueryView query={query}>
      {(rows) => (
        <PlainTable
          caption="Services"
          rows={rows}
          rowKey={({ service }) => service}
          columns={[
            { id: 'service', header: 'Service', cell: ({ service }) => <b className="font-medium">{service}</b> },
            {
              id: 'status',
              header: 'Status',
              cell: ({ answerMs }) => <StatusBadge status={answerMs === null ? 'failed' : 'healthy'} />,
            },
            { id: 'where', header: 'Where', cell: ({ where }) => <code className="text-xs">{where}</code> },
            { id: 'version', header: 'Version', cell: ({ version }) => version ?? noValue },
            { id: 'ms', header: 'Answers in', align: 'right', cell: ({ answerMs }) => formatDuration(answerMs) },
          ]}
        />
      )}
    </QueryView>
  );
}
