import { z } from 'zod';
import { Role } from './actor.ts';
import type { UserRecord } from './user.ts';

/** Name of a project in settings, headers, keys and the names of its databases. */
export const ProjectSlug = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'is up to 32 lower-case letters, digits and hyphens, a letter first.');

/** Slugs by commas. */
export const ProjectList = z
  .string()
  .transform((list) => list.split(',').map((slug) => slug.trim()))
  .pipe(z.array(ProjectSlug).min(1))
  .refine((slugs) => new Set(slugs).size === slugs.length, 'names a project twice.');

/** Names the project of a request. */
export const projectHeader = 'x-project';

/** Role by project; the person has no access to those left out. */
export const ProjectRoles = z.record(ProjectSlug, Role);
export type ProjectRoles = z.infer<typeof ProjectRoles>;

/** The data space that is acted on, among all of the installation; the first of them keeps the accounts. */
export interface ProjectPlace {
  project: string;
  projects: readonly string[];
}

/** What somebody may do in a project; null: nothing. Admins of the installation are admins everywhere. */
export function roleIn(user: Pick<UserRecord, 'role' | 'projectRoles'>, place: ProjectPlace): Role | null {
  if (user.role === 'admin') return 'admin';
  if (user.projectRoles !== null) return user.projectRoles[place.project] ?? null;
  return place.project === place.projects[0] ? user.role : null;
}

/** Text that an API key begins with: keys of the first project name none. */
export function keyPrefixOf({ project, projects }: ProjectPlace): string {
  return project === projects[0] ? 'es_' : `es_${project}.`;
}

/** The project that a key names; null: the first. A key's random part holds no dot. */
export function projectOfKey(secret: string): string | null {
  return /^es_([a-z][a-z0-9-]{0,31})\./.exec(secret)?.[1] ?? null;
}
