import { ProjectRoles, Role, StudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

/** Either a role in the first project (`admin`: of the whole installation), or roles by project. */
export const accessFields = { role: Role.optional(), projectRoles: ProjectRoles.optional() };

export interface Access {
  role: Role;
  projectRoles: ProjectRoles | null;
}

/** What is stored: beside roles by project, `role` says nothing and is the least one. */
export function parseAccess(ctx: Ctx, given: { role?: Role; projectRoles?: ProjectRoles }): Access | null {
  const { role, projectRoles } = given;
  if (role !== undefined && projectRoles !== undefined)
    throw new StudioError('INPUT_INVALID', 'role: give a role or roles by project, not both.', { field: 'role' });
  if (projectRoles === undefined) return role === undefined ? null : { role, projectRoles: null };
  const { projects } = ctx.deps.settings.place;
  const unknown = Object.keys(projectRoles).find((slug) => !projects.includes(slug));
  if (unknown === undefined) return { role: 'viewer', projectRoles };
  throw new StudioError('INPUT_INVALID', `projectRoles: there is no project ${unknown}.`, { field: 'projectRoles' });
}
