import { ensureDatabase, openPostgres } from '@embedding-studio/db/postgres';
import { type DatabaseSettings, databaseOf, databaseUrlOf, isFirst } from './project-settings.ts';

/**
 * Creates what databases of projects are missing and brings the schema of each up to date. Idempotent; a release that
 * starts meanwhile waits. Gives the projects in the order in which they were done.
 * @throws StudioError STORE_UNAVAILABLE
 */
export async function migrateProjects(settings: DatabaseSettings): Promise<string[]> {
  for (const project of settings.PROJECTS) {
    if (!isFirst(settings, project))
      await ensureDatabase({ url: settings.DATABASE_URL, database: databaseOf(settings, project) });
    const url = databaseUrlOf(settings, project);
    const postgres = await openPostgres({ url, poolMax: 2, statementTimeoutMs: 0 });
    try {
      await postgres.migrate();
      await postgres.claimProject(project);
    } finally {
      await postgres.close();
    }
  }
  return settings.PROJECTS;
}
