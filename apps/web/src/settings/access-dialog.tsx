'use client';

import type { UserRecord } from '@embedding-studio/contracts';
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { useProject } from '@/shell/project';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { type Access, accessInput, accessOf, describeAccess } from './access';
import { AccessPicker } from './access-picker';

export interface AccessDialogProps {
  user: UserRecord;
  isPending: boolean;
  onSave: (access: ReturnType<typeof accessInput>) => void;
  onClose: () => void;
}

/** Where somebody may go, and as what. */
export function AccessDialog({ user, isPending, onSave, onClose }: AccessDialogProps) {
  const { entries } = useProject();
  const [access, setAccess] = useState<Access>(() => accessOf(user, entries[0]?.slug ?? ''));
  return (
    <Dialog
      isOpen
      onOpenChange={(open) => !open && onClose()}
      title={`Access of ${user.name}`}
      hint={`${user.email} has to sign in again. You can change it back at any time.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" isPending={isPending} onClick={() => onSave(accessInput(access))}>
            Save
          </Button>
        </>
      }
    >
      <AccessPicker value={access} onChange={setAccess} />
    </Dialog>
  );
}

/** The roles of a row, and the way to change them. */
export function AccessCell({
  user,
  refusal,
  onOpen,
}: {
  user: UserRecord;
  refusal: string | null;
  onOpen: () => void;
}) {
  const { entries } = useProject();
  const text = describeAccess(user, entries[0]?.slug ?? '');
  return (
    <Button
      size="small"
      kind="quiet"
      className="-ml-2 max-w-full justify-start"
      disabled={refusal !== null || user.disabledAt !== null}
      title={refusal ?? text}
      aria-label={`Access of ${user.name}: ${text}`}
      onClick={onOpen}
    >
      <span className="truncate">{text}</span> <Pencil aria-hidden className="size-3 text-ink-faint" />
    </Button>
  );
}
