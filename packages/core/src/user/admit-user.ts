import type { InvitationRecord, Role } from '@embedding-studio/contracts';
import { sha256 } from '../content-hash.ts';
import type { CoreDeps } from '../context.ts';
import type { Access } from './access-input.ts';

export interface Admission {
  email: string;
  /** From the link of an invitation; null: none shown. */
  invitationToken: string | null;
  /** The first account of an installation: the caller has checked the set-up code. */
  isFirst: boolean;
  /** An identity provider vouches for the address, so that an open invitation of it is enough. */
  isVouchedFor: boolean;
  /** Role of people without an invitation for whom the provider vouches; null: they are not admitted. */
  defaultRole: Role | null;
}

type Deps = Pick<CoreDeps, 'users' | 'clock' | 'audit'>;

const inFirst = (role: Role | null): Access | null => (role === null ? null : { role, projectRoles: null });

/**
 * Roles of somebody who is about to get an account; null: is not let in. An invitation that lets in is used up. Called
 * by the sign-in library's hook, before there is an actor.
 */
export async function admitUser(deps: Deps, admission: Admission): Promise<Access | null> {
  const email = admission.email.toLowerCase();
  if (admission.isFirst) return inFirst((await deps.users.countUsers()) === 0 ? 'admin' : null);
  const invitation = await findInvitation(deps, { ...admission, email });
  if (invitation === null) return admission.isVouchedFor ? inFirst(admission.defaultRole) : null;
  const now = deps.clock.now();
  if (invitation.email !== email || invitation.expiresAt.getTime() <= now.getTime()) return null;
  if (!(await deps.users.acceptInvitation(invitation.id, now))) return null;
  const { role, projectRoles } = invitation;
  const detail = { email, ...(projectRoles === null ? { role } : { projectRoles }) };
  await deps.audit.record({ actor: `invitation:${invitation.id}`, action: 'user.accept', subject: email, detail });
  return { role, projectRoles };
}

async function findInvitation(deps: Deps, admission: Admission): Promise<InvitationRecord | null> {
  const { invitationToken, isVouchedFor, email } = admission;
  if (invitationToken !== null) return deps.users.findInvitationByHash(sha256(invitationToken));
  return isVouchedFor ? deps.users.findInvitationByEmail(email) : null;
}
