'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useProject } from '@/shell/project';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { DataTable } from '@/ui/data-table';
import { errorText } from '@/ui/error-text';
import { Time } from '@/ui/time';
import { toast } from '@/ui/toast';
import { useNow } from '@/ui/use-now';
import { describeAccess } from './access';
import { usePages } from './use-pages';

const limit = 100;

/** Absent while there are none. */
export function InvitationList() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const now = useNow();
  const { entries, isOnly } = useProject();
  const first = entries[0]?.slug ?? '';
  const queries = useQueryClient();
  const [asked, setAsked] = useState<{ id: string; email: string } | null>(null);
  const query = usePages({
    queryKey: [...trpc.user.listInvitations.queryKey({}), 'pages'],
    limit,
    list: (after: string | null) => client.user.listInvitations.query({ after, limit }),
    cursorOf: ({ id }) => id,
  });
  const revoke = useMutation(
    trpc.user.revokeInvitation.mutationOptions({
      onSuccess: () => {
        toast.success('The link no longer works.');
        void queries.invalidateQueries({ queryKey: trpc.user.listInvitations.queryKey() });
      },
      onError: (error) => toast.error(errorText(error)),
      onSettled: () => setAsked(null),
    }),
  );
  if (query.data === undefined || query.data.length === 0) return null;
  return (
    <Card title="Open invitations" hint="Links that nobody has used yet." isFlush>
      <DataTable
        label="Open invitations"
        rows={query.data}
        rowKey={({ id }) => id}
        height="16rem"
        onEndReached={query.more}
        columns={[
          { id: 'email', header: 'Email', width: 'minmax(11rem, 2fr)', cell: ({ email }) => email },
          {
            ...{ id: 'role', header: 'Role', width: isOnly ? '8rem' : 'minmax(9rem, 1.5fr)' },
            cell: (row) => (isOnly ? row.role : <span className="truncate">{describeAccess(row, first)}</span>),
          },
          {
            id: 'expires',
            header: 'Expires',
            width: '7rem',
            cell: ({ expiresAt }) =>
              now !== null && expiresAt < now ? <Badge tone="warn">expired</Badge> : <Time at={expiresAt} />,
          },
          { id: 'sent', header: 'Made', width: '7rem', cell: ({ createdAt }) => <Time at={createdAt} /> },
          {
            id: 'acts',
            header: <span className="sr-only">Actions</span>,
            width: '5.5rem',
            align: 'right',
            cell: ({ id, email }) => (
              <Button size="small" kind="quiet" onClick={() => setAsked({ id, email })}>
                Revoke
              </Button>
            ),
          },
        ]}
      />
      <ConfirmDialog
        isOpen={asked !== null}
        onOpenChange={() => setAsked(null)}
        title="Revoke the invitation"
        confirm="Revoke"
        isDestructive
        isPending={revoke.isPending}
        onConfirm={() => asked !== null && revoke.mutate({ id: asked.id })}
      >
        <p>The link sent to {asked?.email} stops working at once. You can invite the same address again.</p>
      </ConfirmDialog>
    </Card>
  );
}
