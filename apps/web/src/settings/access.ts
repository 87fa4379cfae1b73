import type { ProjectRoles, Role, UserRecord } from '@embedding-studio/contracts';

/** What a form about one person's access holds. */
export interface Access {
  /** Admin of the whole installation; the roles say nothing then. */
  isAdmin: boolean;
  roles: ProjectRoles;
}

type Held = Pick<UserRecord, 'role' | 'projectRoles'>;

export function accessOf({ role, projectRoles }: Held, first: string): Access {
  return { isAdmin: role === 'admin', roles: projectRoles ?? { [first]: role } };
}

export function accessInput({ isAdmin, roles }: Access): { role: Role } | { projectRoles: ProjectRoles } {
  return isAdmin ? { role: 'admin' } : { projectRoles: roles };
}

export function describeAccess(held: Held, first: string): string {
  const { isAdmin, roles } = accessOf(held, first);
  if (isAdmin) return 'admin everywhere';
  const parts = Object.entries(roles).map(([slug, role]) => `${slug}: ${role}`);
  return parts.length === 0 ? 'no project' : parts.join(', ');
}
