import type { Metadata } from 'next';
import { invitationHeader } from '@/server/create-auth';
import { findInvitation } from '@/server/find-invitation';
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
    <Frame title="Welcome" hint={`You are invited as ${invitation.role}.`}>
      <AccountForm
        admission={{ header: invitationHeader, value: token }}
        email={invitation.email}
        submit="Create my account"
      />
    </Frame>
  );
}
