import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { findUser } from '@/server/find-user';
import { openServer } from '@/server/open-server';
import { Frame } from '@/sign-in/frame';
import { SignInForm } from '@/sign-in/sign-in-form';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ error?: string }> }) {
  const { settings, studio } = await openServer();
  if ((await studio.deps.users.countUsers()) === 0) redirect('/set-up');
  if ((await findUser(await headers())) !== null) redirect('/overview');
  const { error } = await searchParams;
  return (
    <Frame title="Sign in" hint="No account? An admin can invite you.">
      {error !== undefined && (
        <p role="alert" className="mb-4 text-bad">
          Sign-in did not succeed. Only invited people get in; ask an admin if you should be one of them.
        </p>
      )}
      <SignInForm provider={settings.OIDC_ISSUER === undefined ? null : settings.OIDC_NAME} />
    </Frame>
  );
}
