'use client';

import type { AuditEntry } from '@embedding-studio/contracts';
import { ScrollText } from 'lucide-react';
import { parseAsInteger, useQueryState } from 'nuqs';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { Badge } from '@/ui/badge';
import { Card } from '@/ui/card';
import { type Column, DataTable } from '@/ui/data-table';
import { EmptyState } from '@/ui/empty-state';
import { QueryView } from '@/ui/query-view';
import { SavedViews } from '@/ui/saved-views';
import { Time } from '@/ui/time';
import { AuditExport } from './audit-export';
import { AuditFilters } from './audit-filters';
import { AuditPeek } from './audit-peek';
import { useActorNames } from './use-actor-names';
import { useAuditFilter } from './use-audit-filter';
import { usePages } from './use-pages';

const limit = 200;

export function AuditTab() {
  const refusal = useRefusal('analyst');
  if (refusal !== null)
    return (
      <Card>
        <EmptyState icon={ScrollText} title="The audit log is for analysts and above">
          {refusal}
        </EmptyState>
      </Card>
    );
  return <AuditList />;
}

function AuditList() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const { filter, isFiltered } = useAuditFilter();
  const nameOf = useActorNames();
  const [openId, setOpenId] = useQueryState('row', parseAsInteger);
  const query = usePages<AuditEntry, number>({
    queryKey: [...trpc.audit.listAudit.queryKey(filter), 'pages'],
    limit,
    list: (beforeId) => client.audit.listAudit.query({ ...filter, beforeId, limit }),
    cursorOf: ({ id }) => id,
    endsEmpty: true,
  });
  const rows = query.data ?? [];
  const at = rows.findIndex(({ id }) => id === openId);
  const open = rows[at];
  const goTo = (row: AuditEntry | undefined) => row && (() => void setOpenId(row.id));
  return (
    <Card
      title="Audit log"
      hint="Every change, by whom. Rows cannot be changed or removed."
      actions={
        <>
          <SavedViews page="settings" ignored={['row']} />
          <AuditExport filter={filter} />
        </>
      }
      isFlush
    >
      <AuditFilters />
      <QueryView query={query}>
        {() => (
          <DataTable
            label="Audit log"
            columns={columnsWith(nameOf)}
            rows={rows}
            rowKey={({ id }) => String(id)}
            openKey={openId === null ? null : String(openId)}
            onOpen={({ id }) => void setOpenId(id)}
            onEndReached={query.more}
            isLoadingMore={query.isLoadingMore}
            rowHeight={36}
            empty={
              <EmptyState icon={ScrollText} title={isFiltered ? 'Nothing matches' : 'Nothing has been changed yet'}>
                {isFiltered ? 'Clear a filter to see more.' : 'What people, applications and jobs change appears here.'}
              </EmptyState>
            }
          />
        )}
      </QueryView>
      {open !== undefined && (
        <AuditPeek
          row={open}
          actor={nameOf(open.actor)}
          onClose={() => void setOpenId(null)}
          onPrevious={goTo(rows[at - 1])}
          onNext={goTo(rows[at + 1])}
        />
      )}
    </Card>
  );
}

function columnsWith(nameOf: (actor: string) => string): Column<AuditEntry>[] {
  return [
    { id: 'at', header: 'When', width: '7rem', cell: ({ at }) => <Time at={at} /> },
    { id: 'actor', header: 'Who', width: 'minmax(8rem, 1fr)', cell: ({ actor }) => nameOf(actor) },
    { id: 'action', header: 'Did', width: 'minmax(9rem, 1fr)', cell: ({ action }) => <Badge>{action}</Badge> },
    {
      id: 'subject',
      header: 'To',
      width: 'minmax(12rem, 2fr)',
      cell: ({ subject }) => <code className="text-xs">{subject}</code>,
    },
  ];
}
