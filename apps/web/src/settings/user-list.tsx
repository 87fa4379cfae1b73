'use client';

import type { Role, UserRecord } from '@embedding-studio/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useProject } from '@/shell/project';
import { usePeopleRefusal, useUser } from '@/shell/signed-in-user';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { Badge } from '@/ui/badge';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { type Column, DataTable } from '@/ui/data-table';
import { errorText } from '@/ui/error-text';
import { QueryView } from '@/ui/query-view';
import { Select } from '@/ui/select';
import { SkeletonRows } from '@/ui/skeleton';
import { Time } from '@/ui/time';
import { toast } from '@/ui/toast';
import { describeAccess } from './access';
import { AccessCell, AccessDialog } from './access-dialog';
import { RefusableButton } from './refusable-button';
import { roles } from './role-words';
import { usePages } from './use-pages';

const limit = 100;

export function useUsers() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  return usePages<UserRecord, string>({
    queryKey: [...trpc.user.listUsers.queryKey({}), 'pages'],
    limit,
    list: (after) => client.user.listUsers.query({ after, limit }),
    cursorOf: ({ id }) => id,
  });
}

interface Change {
  user: UserRecord;
  role?: Role;
  isDisabled?: boolean;
}

export function UserList() {
  const query = useUsers();
  const me = useUser();
  const refusal = usePeopleRefusal();
  const [asked, setAsked] = useState<Change | null>(null);
  const [opened, setOpened] = useState<UserRecord | null>(null);
  const close = () => {
    setAsked(null);
    setOpened(null);
  };
  const change = useChange(close);
  const role = useRoleColumn({ refusal, onRole: (user, next) => setAsked({ user, role: next }), onAccess: setOpened });
  const columns: Column<UserRecord>[] = [
    {
      id: 'name',
      header: 'Person',
      width: 'minmax(11rem, 2fr)',
      cell: (user) => <Person user={user} isMe={user.id === me.id} />,
    },
    role,
    {
      id: 'status',
      header: 'Status',
      width: '6rem',
      cell: ({ disabledAt }) => (disabledAt === null ? <Badge tone="good">active</Badge> : <Badge>disabled</Badge>),
    },
    { id: 'seen', header: 'Last seen', width: '7rem', cell: ({ lastSeenAt }) => <Time at={lastSeenAt} /> },
    { id: 'since', header: 'Joined', width: '7rem', cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      id: 'acts',
      header: <span className="sr-only">Actions</span>,
      width: '5.5rem',
      align: 'right',
      cell: (user) => (
        <RefusableButton
          size="small"
          kind="quiet"
          refusal={user.id === me.id ? 'You cannot disable yourself.' : refusal}
          onClick={() => setAsked({ user, isDisabled: user.disabledAt === null })}
        >
          {user.disabledAt === null ? 'Disable' : 'Enable'}
        </RefusableButton>
      ),
    },
  ];
  return (
    <>
      <QueryView query={query} skeleton={<SkeletonRows rows={3} />}>
        {(rows) => (
          <DataTable
            label="People"
            columns={columns}
            rows={rows}
            rowKey={({ id }) => id}
            rowHeight={48}
            height="24rem"
            onEndReached={query.more}
            isLoadingMore={query.isLoadingMore}
          />
        )}
      </QueryView>
      <ChangeDialog asked={asked} onClose={close} change={change} />
      {opened !== null && (
        <AccessDialog
          user={opened}
          isPending={change.isPending}
          onClose={close}
          onSave={(access) => change.mutate({ id: opened.id, ...access })}
        />
      )}
    </>
  );
}

interface RoleColumnOptions {
  refusal: string | null;
  onRole: (user: UserRecord, role: Role) => void;
  onAccess: (user: UserRecord) => void;
}

/** One role where there is one project, or where only this one is known; else a role in each. */
function useRoleColumn({ refusal, onRole, onAccess }: RoleColumnOptions): Column<UserRecord> {
  const { isOnly } = useProject();
  if (!isOnly && refusal === null)
    return {
      id: 'access',
      header: 'Access',
      width: 'minmax(9rem, 1.5fr)',
      cell: (user) => <AccessCell user={user} refusal={refusal} onOpen={() => onAccess(user)} />,
    };
  return {
    id: 'role',
    header: 'Role',
    width: '8rem',
    cell: (user) => (
      <Select
        label={`Role of ${user.name}`}
        value={user.role}
        options={roles.map((role) => ({ value: role, title: role }))}
        isDisabled={refusal !== null || user.disabledAt !== null}
        onChange={(role) => onRole(user, role)}
        className="w-28"
      />
    ),
  };
}

function Person({ user, isMe }: { user: UserRecord; isMe: boolean }) {
  return (
    <>
      <div className="truncate font-medium">
        {user.name} {isMe && <span className="font-normal text-ink-faint">(you)</span>}
      </div>
      <div className="truncate text-ink-faint text-xs">{user.email}</div>
    </>
  );
}

function useChange(onDone: () => void) {
  const { entries, isOnly } = useProject();
  const accessWords = (user: UserRecord) => (isOnly ? user.role : describeAccess(user, entries[0]?.slug ?? ''));
  const trpc = useTRPC();
  const queries = useQueryClient();
  return useMutation(
    trpc.user.changeUser.mutationOptions({
      onSuccess: (user) => {
        toast.success(`${user.name}: ${user.disabledAt === null ? accessWords(user) : 'disabled'}.`);
        void queries.invalidateQueries({ queryKey: trpc.user.listUsers.queryKey() });
      },
      onError: (error) => toast.error(errorText(error)),
      onSettled: onDone,
    }),
  );
}

interface ChangeDialogProps {
  asked: Change | null;
  onClose: () => void;
  change: ReturnType<typeof useChange>;
}

function ChangeDialog({ asked, onClose, change }: ChangeDialogProps) {
  if (asked === null) return null;
  const { user, role, isDisabled } = asked;
  const act = role !== undefined ? `Make ${role}` : isDisabled ? 'Disable' : 'Enable';
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={(open) => !open && onClose()}
      title={`${act}: ${user.name}`}
      confirm={act}
      isDestructive={isDisabled === true}
      isPending={change.isPending}
      onConfirm={() => change.mutate({ id: user.id, role, isDisabled })}
    >
      <p>
        {role !== undefined && `${user.email} goes from ${user.role} to ${role} and has to sign in again.`}
        {isDisabled === true &&
          `${user.email} is signed out everywhere and may not sign in. Nothing of theirs is removed.`}
        {isDisabled === false && `${user.email} may sign in again, with the roles from before.`}
      </p>
      {isDisabled !== false && <p>You can change it back here at any time.</p>}
    </ConfirmDialog>
  );
}
