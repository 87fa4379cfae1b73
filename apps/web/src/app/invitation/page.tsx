import type { InvitationRecord } from '@embedding-studio/contracts';
import type { Metadata } from 'next';
import { invitationHeader } from '@/server/create-auth';
import { findInvitation } from '@/server/find-invitation';
import { openServer } from '@/server/open-server';
import { AccountForm } from '@/sign-in/account-form';
import { Frame } from '@/sign-in/frame';

export const metadata: Metadata = { title: 'Invitation' };

export default async function InvitationPage({ searchParams }: { searchParams: Promise<{ token?: string }> }) {
  const { token = '' } = await searchParams;
  const invitation = await findInvitation(token);
  if (invitation === null)
    return (
      <Frame title="This invitation does not work" hint="It is used up, expired or mistyped.">
        <p>Ask the person who invited you for a new link.</p>
      </Frame>
    );
  return (
    <Frame title="Welcome" hint={await invitationWords(invitation)}>
      <AccountForm
        admission={{ header: invitationHeader, value: token }}
        email={invitation.email}
        submit="Create my account"
      />
    </Frame>
  );
}

async function invitationWords({ role, projectRoles }: InvitationRecord): Promise<string> {
  const { projects } = await openServer();
  if (projectRoles === null || projects.studios.size === 1) return `You are invited as ${role}.`;
  const places = Object.entries(projectRoles).map(([slug, own]) => `${own} of ${slug}`);
  return `You are invited as ${places.join(', ')}.`;
}
