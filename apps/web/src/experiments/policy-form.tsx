'use client';

import type { ReactNode } from 'react';
import { RefusableButton } from '@/settings/refusable-button';
import { useRefusal } from '@/shell/signed-in-user';

export interface PolicyFormProps {
  isPending: boolean;
  /** What the fields hold, by their names. */
  onSave: (numbers: { [name: string]: number }) => void;
  children: ReactNode;
  /** Beside the button. */
  note?: ReactNode;
}

/** The fields of a policy, and their button, which engineers may press. */
export function PolicyForm({ isPending, onSave, children, note }: PolicyFormProps) {
  const refusal = useRefusal('engineer');
  return (
    <form
      className="flex flex-wrap items-end gap-x-6 gap-y-3"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        onSave(Object.fromEntries([...form].map(([name, value]) => [name, Number(value)])));
      }}
    >
      {children}
      <RefusableButton kind="primary" type="submit" refusal={refusal} isPending={isPending}>
        Save
      </RefusableButton>
      {note}
    </form>
  );
}
