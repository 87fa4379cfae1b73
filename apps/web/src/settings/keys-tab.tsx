'use client';

import { KeyRound, Plus } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';
import { useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { Badge } from '@/ui/badge';
import { Card } from '@/ui/card';
import { type Column, DataTable } from '@/ui/data-table';
import { EmptyState } from '@/ui/empty-state';
import { formatCount } from '@/ui/format-number';
import { QueryView } from '@/ui/query-view';
import { StatusBadge } from '@/ui/status-badge';
import { Time } from '@/ui/time';
import { useNow } from '@/ui/use-now';
import { CreateKeyDialog } from './create-key-dialog';
import { KeyPeek } from './key-peek';
import { type Key, keyStatus } from './key-status';
import { RefusableButton } from './refusable-button';
import { SecretDialog } from './secret-dialog';
import { usePages } from './use-pages';

const limit = 100;

export function KeysTab() {
  const refusal = useRefusal('admin');
  const [isCreating, setCreating] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const create = (
    <RefusableButton kind="primary" size="small" refusal={refusal} onClick={() => setCreating(true)}>
      <Plus aria-hidden /> New key
    </RefusableButton>
  );
  return (
    <>
      <Card
        title="API keys"
        hint="How applications get in. Secrets are stored as hashes only."
        actions={create}
        isFlush
      >
        {refusal === null ? (
          <KeyList onSecret={setSecret} />
        ) : (
          <EmptyState icon={KeyRound} title="Only admins see API keys">
            {refusal} Ask an admin for a key for your application.
          </EmptyState>
        )}
      </Card>
      {isCreating && <CreateKeyDialog onClose={() => setCreating(false)} onSecret={setSecret} />}
      <SecretDialog
        secret={secret}
        title="The secret of the key"
        hint="Shown only now: keep it where your application reads its secrets."
        label="Secret"
        onClose={() => setSecret(null)}
      />
    </>
  );
}

function KeyList({ onSecret }: { onSecret: (secret: string) => void }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const now = useNow();
  const [openId, setOpenId] = useQueryState('key', parseAsString);
  const query = usePages({
    queryKey: [...trpc.key.listApiKeys.queryKey({}), 'pages'],
    limit,
    list: (after: string | null) => client.key.listApiKeys.query({ after, limit }),
    cursorOf: ({ id }) => id,
  });
  const rows = query.data ?? [];
  const at = rows.findIndex(({ id }) => id === openId);
  const open = rows[at];
  const goTo = (row: Key | undefined) => row && (() => void setOpenId(row.id));
  return (
    <>
      <QueryView query={query}>
        {() => (
          <DataTable
            label="API keys"
            columns={columnsAt(now)}
            rows={rows}
            rowKey={({ id }) => id}
            openKey={openId}
            onOpen={({ id }) => void setOpenId(id)}
            onEndReached={query.more}
            isLoadingMore={query.isLoadingMore}
            empty={
              <EmptyState icon={KeyRound} title="No keys yet">
                An application sends its key as <code>Authorization: Bearer es_…</code>. Make one here, or with{' '}
                <code>./studio key create --name my-app</code>.
              </EmptyState>
            }
          />
        )}
      </QueryView>
      {open !== undefined && (
        <KeyPeek
          apiKey={open}
          onClose={() => void setOpenId(null)}
          onPrevious={goTo(rows[at - 1])}
          onNext={goTo(rows[at + 1])}
          onSecret={onSecret}
        />
      )}
    </>
  );
}

function columnsAt(now: Date | null): Column<Key>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      width: 'minmax(7rem, 2fr)',
      cell: ({ name }) => <b className="font-medium">{name}</b>,
    },
    {
      id: 'secret',
      header: 'Secret',
      width: '9rem',
      cell: ({ prefix, lastFour }) => <code className="text-xs">{`${prefix}…${lastFour}`}</code>,
    },
    {
      id: 'scopes',
      header: 'Scopes',
      width: 'minmax(8rem, 1.5fr)',
      cell: ({ scopes }) => (
        <span className="flex gap-1">
          {scopes.map((scope) => (
            <Badge key={scope} tone={scope === 'admin' ? 'warn' : 'neutral'}>
              {scope}
            </Badge>
          ))}
        </span>
      ),
    },
    {
      id: 'collections',
      header: 'Collections',
      width: '5.5rem',
      cell: ({ collections }) => (collections === null ? 'all' : collections.join(', ')),
    },
    {
      id: 'rate',
      header: 'Per minute',
      width: '4.5rem',
      align: 'right',
      cell: ({ requestsPerMinute }) => formatCount(requestsPerMinute),
    },
    { id: 'used', header: 'Last used', width: '6rem', cell: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
    { id: 'expires', header: 'Expires', width: '5.5rem', cell: ({ expiresAt }) => <Time at={expiresAt} /> },
    { id: 'status', header: 'Status', width: '5rem', cell: (key) => <StatusBadge status={keyStatus(key, now)} /> },
  ];
}
