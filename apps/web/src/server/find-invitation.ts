import { createHash } from 'node:crypto';
import type { InvitationRecord } from '@embedding-studio/contracts';
import { openServer } from './open-server';

/** The open invitation behind a link; null when it is used up, expired or unknown. */
export async function findInvitation(token: string): Promise<InvitationRecord | null> {
  if (token === '' || token.length > 200) return null;
  const { studio } = await openServer();
  const hash = createHash('sha256').update(token).digest('hex');
  const found = await studio.deps.users.findInvitationByHash(hash);
  const isOpen = found !== null && found.acceptedAt === null && found.expiresAt.getTime() > Date.now();
  return isOpen ? found : null;
}
