import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isStudioError, StudioError } from '@embedding-studio/contracts';
import type { SourceFile } from './catalogue.ts';
import type { SourceAccess, SourceOf } from './source-access.ts';

const answerTimeoutMs = 8_000;
const bytesPerSecondMin = 50_000;

/** A file, the most it may hold, and who says so. */
interface WantedFile extends Pick<SourceFile, 'name' | 'bytes'> {
  limit?: string;
}

/** Fails a download that sends more than the catalogue says. */
function limitBytes({ name, bytes, limit = 'the catalogue says' }: WantedFile): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > bytes) done(new StudioError('SOURCE_UNREACHABLE', `${name} is longer than ${limit}`));
      else done(null, chunk);
    },
  });
}

async function requestFile(url: string, signal: AbortSignal): Promise<Response> {
  const slow = new AbortController();
  const timer = setTimeout(() => slow.abort(), answerTimeoutMs);
  try {
    return await fetch(url, { signal: AbortSignal.any([signal, slow.signal]), redirect: 'follow' });
  } finally {
    clearTimeout(timer);
  }
}

/** @throws StudioError SOURCE_UNREACHABLE; its `cause` is the status where the hub answered another one than 200. */
export async function downloadFile(
  url: string,
  file: WantedFile,
  { scratch, signal }: Pick<SourceAccess, 'scratch' | 'signal'>,
): Promise<void> {
  const wholeTimeout = AbortSignal.timeout(answerTimeoutMs + Math.ceil((file.bytes / bytesPerSecondMin) * 1000));
  const limited = AbortSignal.any([signal, wholeTimeout]);
  const response = await requestFile(url, limited);
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new StudioError('SOURCE_UNREACHABLE', `the hub answered ${response.status} for ${file.name}`, {
      cause: response.status,
    });
  }
  // The web and the node stream types differ only in name.
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  await pipeline(body, limitBytes(file), createWriteStream(join(scratch, file.name)), { signal: limited });
}

/** Smallest file first, so that a hub that cannot be reached costs one short request. */
export async function fetchFromHub(access: SourceAccess, source: SourceOf<'hub'>): Promise<string> {
  const base = `${access.hubUrl.replace(/\/+$/, '')}/${source.repository}/resolve/${source.revision}`;
  const files = [...access.model.files].sort((a, b) => a.bytes - b.bytes);
  try {
    for (const file of files) await downloadFile(`${base}/${file.name}`, file, access);
  } catch (error) {
    if (isStudioError(error)) throw error;
    access.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError('SOURCE_UNREACHABLE', `the hub cannot be reached: ${reason}`, { cause: error });
  }
  return access.scratch;
}
