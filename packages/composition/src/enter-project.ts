import { StudioError, type UserRecord } from '@embedding-studio/contracts';
import { type Ctx, userActor } from '@embedding-studio/core';
import type { Projects } from './open-projects.ts';

/**
 * A signed-in person's way into a project; null: the first one. Every call goes through here with the person as stored
 * at that moment. @throws StudioError PROJECT_NOT_FOUND, FORBIDDEN
 */
export function enterProject(
  projects: Projects,
  { user, asked }: { user: UserRecord; asked: string | null },
): Pick<Ctx, 'actor' | 'deps'> {
  const { project, deps } = asked === null ? projects.first : projects.getStudio(asked);
  const actor = userActor(user, deps.settings.place);
  if (actor !== null) return { actor, deps };
  throw new StudioError('FORBIDDEN', `You have no access to the project ${project}; ask an admin for a role there.`);
}
