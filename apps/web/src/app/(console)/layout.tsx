import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { findUser } from '@/server/find-user';
import { openServer } from '@/server/open-server';
import { Shell } from '@/shell/shell';
import { ApiProvider } from '@/trpc/provider';

/** Everything behind sign-in. The procedures authorise each call again. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const user = await findUser(await headers());
  if (user === null) {
    const { studio } = await openServer();
    redirect((await studio.deps.users.countUsers()) === 0 ? '/set-up' : '/sign-in');
  }
  const { id, name, email, role } = user;
  return (
    <ApiProvider>
      <Shell user={{ id, name, email, role }}>{children}</Shell>
    </ApiProvider>
  );
}
