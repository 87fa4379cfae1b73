import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '@embedding-studio/contracts';
import { convertMovies } from './convert-movies.ts';

const revision = '77567655e8343607538e2ef203b4c0b322526d93';
const base = `https://raw.githubusercontent.com/elastic/elasticsearch-labs/${revision}/notebooks/search/sample_data/learning-to-rank/`;
const timeoutMs = 120_000;
const bytesMax = 64 * 1024 * 1024;

/** Fetches MSRD in the form that Elastic publishes (CC BY-SA 4.0) and writes it as a data folder. Returns the folder. */
export async function fetchMovies(
  parent: string,
  get: (url: string) => Promise<Uint8Array> = download,
): Promise<string> {
  const corpus = await get(`${base}movies-corpus.jsonl.gz`);
  const judgments = await get(`${base}movies-judgments.tsv.gz`);
  const folder = join(parent, 'movies-msrd');
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  for (const [name, text] of Object.entries(convertMovies(corpus, judgments)))
    await writeFile(join(partial, name), text);
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
  return folder;
}

async function download(url: string): Promise<Uint8Array> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new StudioError('SOURCE_UNREACHABLE', `${url} answers ${response.status}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length > bytesMax) throw new StudioError('SOURCE_UNREACHABLE', `${url} is larger than expected`);
    return bytes;
  } catch (cause) {
    throw new StudioError('SOURCE_UNREACHABLE', `${url} cannot be fetched: ${String(cause)}`, { cause });
  }
}
