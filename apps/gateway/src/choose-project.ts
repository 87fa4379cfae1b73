import { getProject } from '@embedding-studio/composition';
import { projectHeader, projectOfKey, StudioError } from '@embedding-studio/contracts';
import type { CoreDeps } from '@embedding-studio/core';
import type { FastifyRequest } from 'fastify';

/** By slug; the first one answers where neither header nor key names a project. */
export type ProjectDeps = ReadonlyMap<string, CoreDeps>;

/**
 * Where a request goes, by its text alone: the header, else the key's own words. A key is only ever looked up in that
 * one project, so that another project's key is as good as none. PROJECT_NOT_FOUND for a header without a project.
 */
export function chooseProject(
  projects: ProjectDeps,
  { request, secret }: { request: FastifyRequest; secret: string | null },
): CoreDeps {
  const asked = request.headers[projectHeader];
  const named = typeof asked === 'string' ? asked : null;
  const byKey = secret === null ? null : projectOfKey(secret);
  if (named !== null) return getProject(projects, named);
  const slug = byKey ?? projects.keys().next().value ?? '';
  const found = projects.get(slug);
  if (found !== undefined) return found;
  throw new StudioError('UNAUTHENTICATED', `The key names the project ${slug}, which is not here.`, {
    publicMessage: 'Send a valid API key as `Authorization: Bearer …`.',
  });
}
