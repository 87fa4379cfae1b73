import { StudioError } from '@embedding-studio/contracts';
import type { Connection } from './connection.ts';

/** Name of the only project of an installation that was never told of projects. */
const unnamed = 'default';

/**
 * Notes in the database whose data it holds, and refuses one that holds another project's: a reordered list of projects
 * must not swap their data.
 * @throws StudioError SETTINGS_INVALID
 */
export async function claimProject(connection: Connection, slug: string): Promise<void> {
  const [row] = await connection.query<{ slug: string }>('SELECT slug FROM project');
  if (row?.slug === slug) return;
  const [stored] = await connection.query<{ slug: string }>(
    `INSERT INTO project (slug) VALUES ($1)
     ON CONFLICT (singleton) DO UPDATE
       SET slug = CASE WHEN project.slug = $2 THEN EXCLUDED.slug ELSE project.slug END
     RETURNING slug`,
    [slug, unnamed],
  );
  if (stored === undefined || stored.slug === slug) return;
  throw new StudioError(
    'SETTINGS_INVALID',
    `PROJECTS: the database holds the project ${stored.slug}, not ${slug}. The first of the list is the one at DATABASE_URL.`,
  );
}
