import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { setUpHeader } from '@/server/create-auth';
import { openServer } from '@/server/open-server';
import { AccountForm } from '@/sign-in/account-form';
import { Frame } from '@/sign-in/frame';

export const metadata: Metadata = { title: 'Set up' };

export default async function SetUpPage({ searchParams }: { searchParams: Promise<{ code?: string }> }) {
  const { settings, backend, studio } = await openServer();
  if ((await studio.deps.users.countUsers()) > 0) redirect('/sign-in');
  const { code = '' } = await searchParams;
  if (!backend.core.isSetUpCode(code, settings.CONSOLE_SECRET))
    return (
      <Frame title="Set up the console" hint="This console has no accounts yet.">
        <p>
          Open the link that the start of the console printed; <code className="font-mono">./studio up</code> shows it
          too. It holds a code that only the operator of this machine can read.
        </p>
      </Frame>
    );
  return (
    <Frame title="Set up the console" hint="The first account is an admin and invites everybody else.">
      <AccountForm admission={{ header: setUpHeader, value: code }} submit="Create the first account" />
    </Frame>
  );
}
