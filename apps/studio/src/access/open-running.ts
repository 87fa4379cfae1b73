import { openProjects, type Projects, parseSettings, type Studio, studioFragment } from '@embedding-studio/composition';
import { newId, StudioError } from '@embedding-studio/contracts';
import type { Ctx } from '@embedding-studio/core';
import { createLog } from '@embedding-studio/telemetry';
import { childEnvironment, readSettings } from '../environment.ts';
import { requireSameBucket, type ServiceUrls, serviceVariables } from '../services/service-urls.ts';
import { findStateFolder } from '../services/state-folder.ts';
import { readState } from '../supervisor/state-file.ts';
import { stateFileOf } from '../supervisor/supervisor.ts';

/** For commands about the data of one project. */
export const projectOption = ['--project <slug>', 'a project of PROJECTS; the first if left out'] as const;

export interface RunningStudio extends Studio {
  /** Acts as the operator at this machine, who can read the services' secrets anyway. */
  ctx: Ctx;
  gatewayUrl: string | null;
  stateFolder: string;
}

/** The stores of what `studio up` started, or of the services that the environment names. Default: the first project. */
export async function openRunning({ project }: { project?: string } = {}): Promise<RunningStudio> {
  const stateFolder = findStateFolder(readSettings());
  const state = readState(stateFileOf(stateFolder));
  const urls = state === null || Object.keys(state.urls).length === 0 ? null : (state.urls as unknown as ServiceUrls);
  if (urls !== null) requireSameBucket(urls, childEnvironment());
  const variables = childEnvironment(urls === null ? {} : serviceVariables(urls, {}));
  if (urls === null && variables.DATABASE_URL === undefined) {
    throw new StudioError('STORE_UNAVAILABLE', 'Nothing runs here. Start it first:  ./studio up --detach');
  }
  const log = createLog({ name: 'studio', level: 'error' });
  const projects = await openProjects({ settings: parseSettings(studioFragment, variables), log });
  const studio = await pickStudio(projects, project);
  const ctx: Ctx = { actor: { kind: 'system', job: 'studio' }, requestId: newId('request'), deps: studio.deps };
  return { ...studio, close: projects.close, ctx, gatewayUrl: urls?.gatewayUrl ?? null, stateFolder };
}

async function pickStudio(projects: Projects, project: string | undefined): Promise<Studio> {
  if (project === undefined) return projects.first;
  try {
    return projects.getStudio(project);
  } catch (error) {
    await projects.close();
    throw error;
  }
}
