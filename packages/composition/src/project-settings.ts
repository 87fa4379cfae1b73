import { join } from 'node:path';
import { StudioError } from '@embedding-studio/contracts';
import type { StudioSettings } from './settings.ts';

/** Enough to find the database of every project. */
export type DatabaseSettings = Pick<StudioSettings, 'DATABASE_URL' | 'PROJECTS'>;

/** PostgreSQL cuts longer names off, MongoDB refuses them. */
const databaseNameMax = 63;

/** What of the settings belongs to one project: the first keeps every name as it is set, others add theirs to it. */
export function settingsOf(settings: StudioSettings, slug: string): StudioSettings {
  const named = { ...settings, SOURCE_SECRETS: secretsOf(settings, slug) };
  if (isFirst(settings, slug)) return named;
  const beside = (folder: string) => join(folder, 'projects', slug);
  return {
    ...named,
    DATABASE_URL: databaseUrlOf(settings, slug),
    DATABASE_REPLICA_URLS: settings.DATABASE_REPLICA_URLS.map((url) => besideIn(url, databaseOf(settings, slug))),
    MONGODB_DATABASE: databaseName(settings.MONGODB_DATABASE, slug),
    ...(settings.OBJECTS_FOLDER !== undefined && { OBJECTS_FOLDER: beside(settings.OBJECTS_FOLDER) }),
    S3_PREFIX: `${join(settings.S3_PREFIX, 'projects', slug)}/`,
    GCS_PREFIX: `${join(settings.GCS_PREFIX, 'projects', slug)}/`,
    WORK_FOLDER: beside(settings.WORK_FOLDER),
    SOURCE_FOLDERS: settings.SOURCE_FOLDERS.map(beside),
  };
}

/** What is put before names in stores that all projects share, such as the model server's; nothing for the first. */
export function sharedPrefix(settings: StudioSettings, slug: string): string {
  return isFirst(settings, slug) ? '' : `${slug}.`;
}

export function isFirst(settings: Pick<StudioSettings, 'PROJECTS'>, slug: string): boolean {
  return slug === settings.PROJECTS[0];
}

/** `<project>/<name>` is that project's secret `<name>`; a name without a project is the first one's. */
function secretsOf(settings: StudioSettings, slug: string): Record<string, string> {
  const entries = Object.entries(settings.SOURCE_SECRETS).flatMap(([name, secret]): [string, string][] => {
    const owner = settings.PROJECTS.find((project) => name.startsWith(`${project}/`));
    if ((owner ?? settings.PROJECTS[0]) !== slug) return [];
    return [[owner === undefined ? name : name.slice(owner.length + 1), secret]];
  });
  return Object.fromEntries(entries);
}

/** The database beside the one at DATABASE_URL that holds the project. */
export function databaseOf(settings: DatabaseSettings, slug: string): string {
  const { pathname, username } = new URL(settings.DATABASE_URL);
  const first = decodeURIComponent(pathname.slice(1)) || decodeURIComponent(username) || 'postgres';
  return databaseName(first, slug);
}

/** Address of the project's database. */
export function databaseUrlOf(settings: DatabaseSettings, slug: string): string {
  if (isFirst(settings, slug)) return settings.DATABASE_URL;
  return besideIn(settings.DATABASE_URL, databaseOf(settings, slug));
}

/** Another database of the same server. */
function besideIn(address: string, database: string): string {
  const url = new URL(address);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

/** Slugs hold no underscore, so that two of them never make one name. */
function databaseName(first: string, slug: string): string {
  const name = `${first}_${slug.replaceAll('-', '_')}`;
  if (Buffer.byteLength(name) <= databaseNameMax) return name;
  throw new StudioError(
    'SETTINGS_INVALID',
    `PROJECTS: ${slug} is too long: its database would be ${name}, and ${databaseNameMax} bytes is the most.`,
  );
}
