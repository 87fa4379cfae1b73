'use client';

import { type FormEvent, useState } from 'react';
import { authClient } from '@/sign-in/auth-client';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { TextField } from '@/ui/text-field';
import { toast } from '@/ui/toast';

export function PasswordForm() {
  const [fault, setFault] = useState<string | null>(null);
  const [isPending, setPending] = useState(false);
  async function change(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const text = (name: string) => String(fields.get(name) ?? '');
    setPending(true);
    const { error } = await authClient.changePassword({
      currentPassword: text('current'),
      newPassword: text('next'),
      revokeOtherSessions: true,
    });
    setPending(false);
    setFault(error === null ? null : (error.message ?? 'The console did not answer. Try again.'));
    if (error !== null) return;
    form.reset();
    toast.success('Your password is changed; other devices are signed out.');
  }
  return (
    <Card title="Password" hint="Changing it signs your other devices out.">
      <form onSubmit={(event) => void change(event)} className="space-y-4">
        <TextField
          label="Current password"
          name="current"
          type="password"
          required
          autoComplete="current-password"
          fault={fault ?? undefined}
        />
        <TextField
          label="New password"
          name="next"
          type="password"
          required
          minLength={10}
          maxLength={200}
          autoComplete="new-password"
          hint="At least 10 characters."
        />
        <Button type="submit" isPending={isPending}>
          Change password
        </Button>
      </form>
    </Card>
  );
}
