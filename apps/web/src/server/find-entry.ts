import type { UserRecord } from '@embedding-studio/contracts';
import type { ProjectEntry } from '@embedding-studio/core';
import { openServer } from './open-server';

export interface Entrance {
  /** Where the person is; null: nowhere to go, or not where the address says. */
  entry: ProjectEntry | null;
  entries: ProjectEntry[];
  /** The installation has one project only: nothing is said of projects. */
  isOnly: boolean;
}

/** The project of a page: as its address says, else where the person was last, else the first that is open to them. */
export async function findEntry(
  user: UserRecord,
  { asked, last }: { asked: string | null; last: string | null },
): Promise<Entrance> {
  const { backend, projects } = await openServer();
  const slugs = [...projects.studios.keys()];
  const entries = backend.core.listEntries(user, slugs);
  const find = (slug: string | null) => entries.find((entry) => entry.slug === slug) ?? null;
  const entry = asked === null ? (find(last) ?? entries[0] ?? null) : find(asked);
  return { entry, entries, isOnly: slugs.length === 1 };
}
