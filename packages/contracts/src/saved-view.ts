import { z } from 'zod';

/** The page of the console that a view belongs to: its path with dashes, e.g. `search`. */
export const ViewPage = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words with dashes');

export const ViewName = z.string().trim().min(1).max(80);

/** The query string that brings the page into the state that was saved, without `?`. */
export const ViewSearch = z.string().max(8_000);

/** A state of a page under a name: its own user's, and for all to use when it is shared. */
export interface SavedView {
  id: string;
  page: string;
  name: string;
  search: string;
  isShared: boolean;
  /** As `actorName` gives it. */
  owner: string;
  createdAt: Date;
  updatedAt: Date;
}
