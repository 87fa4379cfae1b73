import {
  databaseUrlOf,
  openObjectStore,
  parseSettings,
  type StudioSettings,
  settingsOf,
  studioFragment,
} from '@embedding-studio/composition';
import { childEnvironment, readSettings } from '../environment.ts';
import { type ServiceUrls, serviceVariables } from '../services/service-urls.ts';
import { startServices } from '../services/start-services.ts';
import { findStateFolder } from '../services/state-folder.ts';
import { readState } from '../supervisor/state-file.ts';
import { stateFileOf } from '../supervisor/supervisor.ts';
import type { Progress } from '../terminal/progress.ts';
import type { ProjectStores } from './back-up.ts';

export interface OpenStores {
  settings: StudioSettings;
  projects: ProjectStores[];
  /** `studio up` runs here, with processes that write. */
  isRunning: boolean;
  close(): Promise<void>;
}

/** No model server is asked for anything here. */
const unused = { TRITON_URL: 'http://127.0.0.1', MODEL_REPOSITORY_FOLDER: '-', WORK_FOLDER: '-' };

/** The stores of what runs, or of the environment; embedded ones are started for the time, and nothing beside them. */
export async function openStores(log: Progress): Promise<OpenStores> {
  const own = readSettings();
  const folder = findStateFolder(own);
  const state = readState(stateFileOf(folder));
  const isRunning = state !== null && Object.keys(state.urls).length > 0;
  const started = isRunning
    ? null
    : await startServices({ folder, which: ['postgres', 'documents'], log, settings: own });
  const urls = started?.urls ?? (state?.urls as unknown as ServiceUrls);
  const variables = { ...unused, ...childEnvironment(serviceVariables(urls, {})) };
  const settings = parseSettings(studioFragment, variables);
  return { settings, projects: projectsOf(settings), isRunning, close: async () => started?.stop() };
}

export function projectsOf(settings: StudioSettings): ProjectStores[] {
  return settings.PROJECTS.map((slug) => {
    const own = settingsOf(settings, slug);
    const documents = { url: own.MONGODB_URL, database: own.MONGODB_DATABASE };
    return { slug, databaseUrl: databaseUrlOf(settings, slug), documents, objects: openObjectStore(own) };
  });
}
