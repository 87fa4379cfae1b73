import { projectHeader, StudioError } from '@embedding-studio/contracts';
import { openStudio, type Studio, type StudioOptions } from './open-studio.ts';

export interface Projects {
  /** Keeps the accounts; its names are those of an installation that was never told of projects. */
  first: Studio;
  /** By slug, in the order of the setting. */
  studios: ReadonlyMap<string, Studio>;
  /** @throws StudioError PROJECT_NOT_FOUND */
  getStudio(slug: string): Studio;
  close(): Promise<void>;
}

/** Opens the data space of every project; all of them or none. */
export async function openProjects(options: Omit<StudioOptions, 'project' | 'beside'>): Promise<Projects> {
  const [, ...others] = options.settings.PROJECTS;
  const first = await openStudio(options);
  const opening = others.map((project) => openStudio({ ...options, project, beside: first }));
  const results = await Promise.allSettled(opening);
  const opened = [first, ...results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))];
  const close = async () => {
    await Promise.all(opened.map((studio) => studio.close()));
  };
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  const studios = new Map(opened.map((studio) => [studio.project, studio]));
  return { first, studios, getStudio: (slug) => getProject(studios, slug), close };
}

/** @throws StudioError PROJECT_NOT_FOUND */
export function getProject<T>(projects: ReadonlyMap<string, T>, slug: string): T {
  const found = projects.get(slug);
  if (found !== undefined) return found;
  const shown = JSON.stringify(slug.slice(0, 80));
  throw new StudioError('PROJECT_NOT_FOUND', `There is no project ${shown}.`, { field: projectHeader });
}
