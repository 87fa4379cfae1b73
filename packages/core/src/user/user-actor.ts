import { type Actor, type ProjectPlace, type Role, roleIn, type UserRecord } from '@embedding-studio/contracts';

/** A signed-in person as an actor in a project; null: may not enter it. */
export function userActor(user: UserRecord, place: ProjectPlace): (Actor & { kind: 'user' }) | null {
  const role = roleIn(user, place);
  if (role === null) return null;
  const actor = { kind: 'user', userId: user.id, role } as const;
  return user.role === 'admin' || place.projects.length === 1 ? actor : { ...actor, reach: 'project' };
}

/** A project that somebody may enter, and as what. */
export interface ProjectEntry {
  slug: string;
  role: Role;
}

/** In the order of the setting. */
export function listEntries(user: UserRecord, projects: readonly string[]): ProjectEntry[] {
  return projects.flatMap((slug) => {
    const role = roleIn(user, { project: slug, projects });
    return role === null ? [] : [{ slug, role }];
  });
}
