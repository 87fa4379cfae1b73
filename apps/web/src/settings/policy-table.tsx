'use client';

import { useQuery } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import { useTRPC } from '@/trpc/client';
import { Badge } from '@/ui/badge';
import { noValue } from '@/ui/format-number';
import { PlainTable } from '@/ui/plain-table';
import { QueryView } from '@/ui/query-view';
import { roles } from './role-words';

export function PolicyTable() {
  const trpc = useTRPC();
  const query = useQuery(trpc.user.getPolicy.queryOptions(undefined, { staleTime: 3_600_000 }));
  return (
    <QueryView query={query}>
      {(rows) => (
        <PlainTable
          caption="Permissions by role"
          rows={rows}
          rowKey={({ permission }) => permission}
          columns={[
            {
              id: 'permission',
              header: 'Permission',
              cell: ({ permission }) => <code className="text-xs">{permission}</code>,
            },
            ...roles.map((role) => ({
              id: role,
              header: role,
              cell: (row: (typeof rows)[number]) => <Mark isHeld={row.roles.includes(role)} />,
            })),
            {
              id: 'scopes',
              header: 'Scopes of keys',
              cell: ({ scopes }) => (
                <span className="flex gap-1">
                  {[...scopes, 'admin'].map((scope) => (
                    <Badge key={scope}>{scope}</Badge>
                  ))}
                </span>
              ),
            },
          ]}
        />
      )}
    </QueryView>
  );
}

function Mark({ isHeld }: { isHeld: boolean }) {
  if (!isHeld)
    return (
      <span className="text-ink-faint">
        <span aria-hidden>{noValue}</span>
        <span className="sr-only">no</span>
      </span>
    );
  return (
    <>
      <Check className="size-4 text-good" aria-hidden />
      <span className="sr-only">yes</span>
    </>
  );
}
