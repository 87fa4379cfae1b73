'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '@/ui/button';
import { TextField } from '@/ui/text-field';
import { authClient } from './auth-client';

export interface AccountFormProps {
  /** Header and value that let this person in: an invitation or the set-up code. */
  admission: { header: string; value: string };
  email?: string;
  submit: string;
}

/** Creates an account; where it is let in, the console opens. */
export function AccountForm({ admission, email, submit }: AccountFormProps) {
  const [fault, setFault] = useState<string | null>(null);
  const [isPending, setPending] = useState(false);
  async function create(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setPending(true);
    setFault(null);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const account = { name: text('name'), email: email ?? text('email'), password: String(form.get('password') ?? '') };
    const headers = { [admission.header]: admission.value };
    const { error } = await authClient.signUp.email(account, { headers });
    if (!error) return window.location.assign('/overview');
    setFault(error.message ?? 'The console did not answer. Try again.');
    setPending(false);
  }
  return (
    <form onSubmit={(event) => void create(event)} className="space-y-4">
      <TextField label="Name" name="name" required autoComplete="name" maxLength={100} />
      {email === undefined ? (
        <TextField label="Email" name="email" type="email" required autoComplete="email" />
      ) : (
        <TextField label="Email" name="email" type="email" value={email} readOnly />
      )}
      <TextField
        label="Password"
        name="password"
        type="password"
        required
        minLength={10}
        maxLength={200}
        autoComplete="new-password"
        hint="At least 10 characters."
      />
      {fault !== null && (
        <p role="alert" className="text-bad">
          {fault}
        </p>
      )}
      <Button kind="primary" type="submit" className="w-full" isPending={isPending}>
        {submit}
      </Button>
    </form>
  );
}
