import type { UserRecord } from '@embedding-studio/contracts';
import { openServer } from './open-server';

/** Who is signed in, as stored now: a changed role or a disabled account counts at once. */
export async function findUser(headers: Headers): Promise<UserRecord | null> {
  const { auth, studio } = await openServer();
  const session = await auth.api.getSession({ headers });
  if (session === null) return null;
  const user = await studio.deps.users.findUser(session.user.id);
  return user === null || user.disabledAt !== null ? null : user;
}
