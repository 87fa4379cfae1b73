import type { Projects, Studio } from '@embedding-studio/composition';
import type { ProcessTelemetry } from '@embedding-studio/telemetry/observe';
import product from '../../package.json';
import { createAuth } from './create-auth';
import { type Backend, loadBackend } from './load-backend';
import { readSettings, type WebSettings } from './settings';

export interface WebServer {
  settings: WebSettings;
  backend: Backend;
  telemetry: ProcessTelemetry;
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
  const { composition, observe } = backend;
  const traces = composition.tracesOf(settings);
  const telemetry = await observe.openTelemetry({ name: 'console', version: product.version, traces });
  const log = backend.telemetry.createLog({
    ...{ name: 'console', level: settings.LOG_LEVEL, traceIds: telemetry.traceIds },
  });
  const projects = await composition.openProjects({ settings, log, telemetry });
  try {
    const studio = projects.first;
    const auth = createAuth({ settings, backend, studio });
    composition.tellOfStudios(telemetry, projects.studios.values());
    await composition.openMetricsPort(telemetry, settings);
    return { settings, backend, telemetry, projects, studio, auth };
  } catch (error) {
    await projects.close();
    await telemetry.close();
    throw error;
  }
}
