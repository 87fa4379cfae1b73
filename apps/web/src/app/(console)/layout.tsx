import { projectHeader } from '@embedding-studio/contracts';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { findEntry } from '@/server/find-entry';
import { findUser } from '@/server/find-user';
import { openServer } from '@/server/open-server';
import { NoEntry } from '@/shell/no-entry';
import { projectCookie } from '@/shell/project-names';
import { Shell } from '@/shell/shell';
import { ApiProvider } from '@/trpc/provider';

/** Everything behind sign-in. The procedures authorise each call again. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const user = await findUser(await headers());
  if (user === null) {
    const { studio } = await openServer();
    redirect((await studio.deps.users.countUsers()) === 0 ? '/set-up' : '/sign-in');
  }
  const asked = (await headers()).get(projectHeader);
  const last = (await cookies()).get(projectCookie)?.value ?? null;
  const { entry, entries, isOnly } = await findEntry(user, { asked, last });
  if (entry === null) return <NoEntry asked={asked} entries={entries} />;
  const { id, name, email } = user;
  const signedIn = { id, name, email, role: entry.role, managesPeople: user.role === 'admin' };
  return (
    <ApiProvider project={isOnly ? null : entry.slug}>
      <Shell user={signedIn} project={{ slug: entry.slug, entries, isOnly }}>
        {children}
      </Shell>
    </ApiProvider>
  );
}
