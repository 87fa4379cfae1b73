'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '@/ui/button';
import { TextField } from '@/ui/text-field';
import { authClient } from './auth-client';

/** `provider`: name of the OpenID Connect provider; null where none is set. */
export function SignInForm({ provider }: { provider: string | null }) {
  const [fault, setFault] = useState<string | null>(null);
  const [isPending, setPending] = useState(false);
  async function signIn(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setPending(true);
    setFault(null);
    const email = String(form.get('email') ?? '').trim();
    const { error } = await authClient.signIn.email({ email, password: String(form.get('password') ?? '') });
    if (!error) return window.location.assign('/overview');
    setFault(error.message ?? 'The console did not answer. Try again.');
    setPending(false);
  }
  async function continueWithProvider(): Promise<void> {
    setFault(null);
    const { error } = await authClient.signIn.social({
      provider: 'oidc',
      callbackURL: '/overview',
      errorCallbackURL: '/sign-in',
    });
    if (error) setFault(error.message ?? 'The provider did not answer. Try again.');
  }
  return (
    <div className="space-y-4">
      <form onSubmit={(event) => void signIn(event)} className="space-y-4">
        <TextField label="Email" name="email" type="email" required autoComplete="username" />
        <TextField label="Password" name="password" type="password" required autoComplete="current-password" />
        {fault !== null && (
          <p role="alert" className="text-bad">
            {fault}
          </p>
        )}
        <Button kind="primary" type="submit" className="w-full" isPending={isPending}>
          Sign in
        </Button>
      </form>
      {provider !== null && (
        <Button className="w-full" onClick={() => void continueWithProvider()}>
          Continue with {provider}
        </Button>
      )}
    </div>
  );
}
