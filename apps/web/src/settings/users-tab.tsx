'use client';

import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useProject } from '@/shell/project';
import { usePeopleRefusal } from '@/shell/signed-in-user';
import { Card } from '@/ui/card';
import { InvitationList } from './invitation-list';
import { InviteDialog } from './invite-dialog';
import { PolicyTable } from './policy-table';
import { RefusableButton } from './refusable-button';
import { UserList } from './user-list';

export function UsersTab() {
  const refusal = usePeopleRefusal();
  const { isOnly } = useProject();
  const [isInviting, setInviting] = useState(false);
  const invite = (
    <RefusableButton kind="primary" size="small" refusal={refusal} onClick={() => setInviting(true)}>
      <UserPlus aria-hidden /> Invite
    </RefusableButton>
  );
  return (
    <div className="space-y-5">
      <Card title="People" hint="A changed role counts at once; the person signs in again." actions={invite} isFlush>
        <UserList />
      </Card>
      {refusal === null && <InvitationList />}
      <Card
        title="What each role may do"
        hint={`Applications act with the scopes of their keys instead.${isOnly ? '' : ' Only admins of all projects manage people.'}`}
        isFlush
      >
        <PolicyTable />
      </Card>
      {isInviting && <InviteDialog onClose={() => setInviting(false)} />}
    </div>
  );
}
