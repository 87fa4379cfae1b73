import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isStudioError } from '@embedding-studio/contracts';
import type { SourceName } from '../settings-schema.ts';
import type { Progress } from '../terminal/progress.ts';
import { loadIcons } from './build-icons.ts';
import type { Dataset } from './dataset.ts';
import { fetchMovies } from './fetch-movies.ts';
import { loadFolder } from './load-folder.ts';
import { findDataFile } from './read-lines.ts';

export interface DatasetChoice {
  /** A data folder itself, one that holds `movies-msrd`, or `icons`; as given on the command line. */
  given?: string;
  repositoryFolder: string;
  /** Where fetched data is kept between runs. */
  cacheFolder: string;
  sources: readonly SourceName[];
  progress: Progress;
}

/** What can always be had, by the name under which it is asked for. */
const packaged = 'icons';

/** Real film clicks where they can be had: a local folder, then the public source; else the packaged icons. */
export async function chooseDataset(choice: DatasetChoice): Promise<Dataset> {
  if (choice.given === packaged) return loadIcons();
  const folder = findMovies(choice) ?? (await tryFetch(choice));
  if (folder !== null) return loadFolder(folder);
  choice.progress.say('no film clicks at hand: using the packaged icons, whose sessions are simulated');
  return loadIcons();
}

function findMovies({ given, repositoryFolder, cacheFolder }: DatasetChoice): string | null {
  if (given !== undefined) {
    const named = join(resolve(given), 'movies-msrd');
    return isDataset(named) ? named : resolve(given);
  }
  const places = [join(repositoryFolder, '..', 'shared', 'data'), cacheFolder].map((place) =>
    join(place, 'movies-msrd'),
  );
  return places.find(isDataset) ?? null;
}

async function tryFetch({ sources, cacheFolder, progress }: DatasetChoice): Promise<string | null> {
  if (!sources.includes('download')) return null;
  progress.say('fetching film clicks from their public source');
  try {
    return await fetchMovies(cacheFolder);
  } catch (error) {
    progress.detail(isStudioError(error) ? error.message : String(error));
    return null;
  }
}

function isDataset(folder: string): boolean {
  return existsSync(folder) && findDataFile(folder, 'items.jsonl') !== null;
}
