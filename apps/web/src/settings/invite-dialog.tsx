'use client';

import type { Role } from '@embedding-studio/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useProject } from '@/shell/project';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { errorField, errorText } from '@/ui/error-text';
import { TextField } from '@/ui/text-field';
import { type Access, accessInput } from './access';
import { AccessPicker } from './access-picker';
import { RolePicker } from './role-picker';
import { SecretDialog } from './secret-dialog';

/** Makes an invitation, then shows its link once. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { slug, isOnly } = useProject();
  const [role, setRole] = useState<Role>('viewer');
  const [access, setAccess] = useState<Access>({ isAdmin: false, roles: { [slug]: 'viewer' } });
  const invite = useMutation(
    trpc.user.inviteUser.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.user.listInvitations.queryKey() }),
    }),
  );
  if (invite.data !== undefined) {
    const link = `${window.location.origin}/invitation?token=${invite.data.token}`;
    const { email } = invite.data.invitation;
    return (
      <SecretDialog
        secret={link}
        title={`Invitation for ${email}`}
        hint={`Send this link to ${email}. It lets one person in, once, and is shown only now.`}
        label="Link of the invitation"
        onClose={onClose}
      />
    );
  }
  const send = (form: FormData) => {
    const days = Number(form.get('days'));
    const email = String(form.get('email') ?? '').trim();
    invite.mutate({ email, ...(isOnly ? { role } : accessInput(access)), validDays: days });
  };
  const fault = (field: string) => (errorField(invite.error) === field ? errorText(invite.error) : undefined);
  const isElsewhere = invite.error !== null && !['email', 'validDays'].includes(errorField(invite.error) ?? '');
  return (
    <Dialog
      isOpen
      onOpenChange={(open) => !open && onClose()}
      title="Invite somebody"
      hint="You get a link to send; the person picks a password."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send(new FormData(event.currentTarget));
        }}
        className="space-y-4"
      >
        <TextField label="Email" name="email" type="email" required autoFocus fault={fault('email')} />
        {isOnly ? <RolePicker value={role} onChange={setRole} /> : <AccessPicker value={access} onChange={setAccess} />}
        <TextField
          label="Valid for (days)"
          name="days"
          type="number"
          min={1}
          max={30}
          defaultValue={7}
          required
          fault={fault('validDays')}
        />
        {isElsewhere && (
          <p role="alert" className="text-bad">
            {errorText(invite.error)}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isPending={invite.isPending}>
            Make the link
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
