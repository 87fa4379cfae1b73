import type { Projects, Studio } from '@embedding-studio/composition';
import { createAuth } from './create-auth';
import { type Backend, loadBackend } from './load-backend';
import { readSettings, type WebSettings } from './settings';

export interface WebServer {
  settings: WebSettings;
  backend: Backend;
  projects: Projects;
  /** The first project's: keeps the accounts. */
  studio: Studio;
  auth: ReturnType<typeof createAuth>;
}

const key = Symbol.for('embedding-studio.web-server');
type Holder = { [key]?: Promise<WebServer> };

/** Pools, clients and the sign-in library: once per process, however often the module is loaded. */
export function openServer(): Promise<WebServer> {
  const holder = globalThis as Holder;
  holder[key] ??= open().catch((error: unknown) => {
    delete holder[key];
    throw error;
  });
  return holder[key];
}

async function open(): Promise<WebServer> {
  const backend = await loadBackend();
  const settings = readSettings(backend);
  const log = backend.telemetry.createLog({ name: 'console', level: settings.LOG_LEVEL });
  const projects = await backend.composition.openProjects({ settings, log });
  const studio = projects.first;
  return { settings, backend, projects, studio, auth: createAuth({ settings, backend, studio }) };
}
