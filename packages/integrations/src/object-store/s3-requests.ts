import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isStudioError, StudioError } from '@embedding-studio/contracts';
import { AwsClient } from 'aws4fetch';
import { encodeS3Key } from '../s3/s3-listing.ts';

export interface S3StoreSettings {
  /** Base URL of the store, such as `https://s3.eu-west-1.amazonaws.com` or `http://minio:9000`. */
  endpoint: string;
  region: string;
  bucket: string;
  /** Before every key: empty, or it ends with a slash. */
  prefix: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** True: `endpoint/bucket/key`. False: the bucket is a part of the host name. */
  isPathStyle: boolean;
  /** Longest silence of the store, milliseconds: until it answers, and between two pieces of a body. */
  timeoutMs: number;
  /** More tries after one that the network or the store failed. */
  retriesMax: number;
}

export interface S3Request {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** In the bucket, with the prefix; empty: the bucket itself. */
  key: string;
  query?: Record<string, string>;
  body?: Uint8Array;
  /** Default: as many as the settings say. */
  retriesMax?: number;
}

/** An answer whose body has been read. */
export interface S3Answer {
  status: number;
  headers: Headers;
  body: Uint8Array;
}

export type S3Sender = (request: S3Request) => Promise<S3Answer>;
/** Gets the pieces of a successful answer's body; a try that fails half-way is begun anew, `restart` first. */
export interface S3Sink {
  restart(): Promise<void>;
  write(piece: Uint8Array): Promise<void>;
}

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** A failure after which the same request may succeed. */
class PassingFailure extends StudioError {
  constructor(message: string, cause?: unknown) {
    super('STORE_UNAVAILABLE', message, { cause });
  }
}

/**
 * Signed requests (signature version 4). Silence, network failures, 429 and 5xx are tried again with growing pauses.
 * @throws StudioError STORE_UNAVAILABLE when the tries are used up
 */
export function createS3Sender(settings: S3StoreSettings): S3Sender {
  return async (request) => {
    const pieces: Uint8Array[] = [];
    const sink: S3Sink = {
      restart: async () => void pieces.splice(0),
      write: async (piece) => void pieces.push(piece),
    };
    const { status, headers } = await receiveS3(settings, request, sink);
    return { status, headers, body: Buffer.concat(pieces) };
  };
}

/** As a sender, for bodies that are not kept in memory. The sink gets what the store answers, whatever its status. */
export async function receiveS3(
  settings: S3StoreSettings,
  request: S3Request,
  sink: S3Sink,
): Promise<{ status: number; headers: Headers }> {
  const { retriesMax = settings.retriesMax } = request;
  for (let attempt = 0; ; attempt++) {
    try {
      await sink.restart();
      return await tryOnce(settings, request, sink);
    } catch (error) {
      if (!(error instanceof PassingFailure) || attempt >= retriesMax) throw error;
      // Half of the pause is by chance, so that those who failed together do not come back together.
      await sleep(Math.min(longestPauseMs, firstPauseMs * 2 ** attempt) * (0.5 + Math.random() / 2));
    }
  }
}

async function tryOnce(settings: S3StoreSettings, request: S3Request, sink: S3Sink) {
  const silence = watchSilence(settings.timeoutMs);
  try {
    const answer = await fetch(await sign(settings, request), { signal: silence.signal, redirect: 'manual' });
    if (answer.status >= 500 || answer.status === 429)
      throw new PassingFailure(`The object store answered ${answer.status}: ${await readStart(answer)}`);
    for await (const piece of answer.body ?? []) {
      silence.heard();
      await sink.write(piece);
    }
    return { status: answer.status, headers: answer.headers };
  } catch (error) {
    if (isStudioError(error)) throw error;
    if (isLocal(error)) throw error;
    const why = silence.signal.aborted ? `was silent for ${settings.timeoutMs} ms` : 'cannot be reached';
    throw new PassingFailure(`The object store at ${settings.endpoint} ${why}.`, error);
  } finally {
    silence.end();
  }
}

/** A file that cannot be written is no failure of the store. */
function isLocal(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function watchSilence(timeoutMs: number): { signal: AbortSignal; heard(): void; end(): void } {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), timeoutMs);
  return { signal: control.signal, heard: () => void timer.refresh(), end: () => clearTimeout(timer) };
}

async function sign(settings: S3StoreSettings, { method, key, query, body }: S3Request): Promise<Request> {
  const { accessKeyId, secretAccessKey, region } = settings;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3' });
  const url = urlOf(settings, key);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
  // The store refuses a body that arrives with another hash.
  const hash = createHash('sha256')
    .update(body ?? '')
    .digest('hex');
  const headers = { 'x-amz-content-sha256': hash };
  return client.sign(url.href, { method, headers, ...(body && { body: new Uint8Array(body) }) });
}

function urlOf({ endpoint, bucket, isPathStyle }: S3StoreSettings, key: string): URL {
  const url = new URL(endpoint);
  if (!isPathStyle) url.host = `${bucket}.${url.host}`;
  const folder = url.pathname.replace(/\/+$/, '');
  const segments = [...(isPathStyle ? [bucket] : []), ...key.split('/')];
  url.pathname = `${folder}/${segments.map(encodeS3Key).join('/')}`.replace(/\/+$/, '') || '/';
  return url;
}

async function readStart(answer: Response): Promise<string> {
  return (await answer.text().catch(() => '')).slice(0, 300);
}
