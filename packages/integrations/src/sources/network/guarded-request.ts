import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isStudioError, StudioError } from '@embedding-studio/contracts';
import type { HostGuard, ResolvedHost } from './host-guard.ts';

export interface GuardedRequest {
  url: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  /** Default 0: a redirect is an answer like any other. */
  redirectsMax?: number;
  /** Longest answer that is read. */
  bytesMax?: number;
}

export interface GuardedAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  /** After redirects. */
  url: string;
  /** Throws BODY_TOO_LARGE past the limit. Closes the connection when it is left. */
  body: AsyncIterable<Uint8Array>;
  /** For an answer whose body is not wanted. */
  close(): void;
}

export type GuardedFetch = (request: GuardedRequest) => Promise<GuardedAnswer>;

/** Longest silence of the other side, from the connection to the last byte. */
const idleMs = 20_000;
const defaultBytesMax = 2 ** 30;
const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * HTTP for addresses that come from users. Each host, those of redirects too, is resolved once, checked, and connected
 * to at exactly the address that was checked.
 * @throws StudioError INPUT_INVALID for a URL that must not be asked, SOURCE_UNREACHABLE when nobody answers
 */
export function createGuardedFetch(guard: HostGuard): GuardedFetch {
  return async (first) => {
    let request = first;
    for (let hop = 0; ; hop++) {
      const url = checkUrl(request.url);
      const message = await send(url, request, await guard.resolve(url.hostname));
      const { location } = message.headers;
      const status = message.statusCode ?? 0;
      const redirectsMax = first.redirectsMax ?? 0;
      if (!redirects.has(status) || location === undefined || redirectsMax === 0)
        return {
          ...{ status, headers: message.headers, url: request.url, body: capped(message, first) },
          close: () => void message.destroy(),
        };
      message.destroy();
      if (hop >= redirectsMax)
        throw new StudioError('SOURCE_UNREACHABLE', `${url.origin} redirects more than ${redirectsMax} times.`);
      request = follow(request, { from: url, location });
    }
  };
}

function checkUrl(text: string): URL {
  if (!URL.canParse(text)) throw refused('is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused('must start with http:// or https://');
  if (url.username !== '' || url.password !== '') throw refused('must not hold a user name or password');
  return url;
}

function refused(message: string): StudioError {
  return new StudioError('INPUT_INVALID', `url: ${message}`, { field: 'url' });
}

/** Headers stay with their host: another one gets none of them. */
function follow(request: GuardedRequest, { from, location }: { from: URL; location: string }): GuardedRequest {
  if (!URL.canParse(location, from.href)) throw refused('leads to a redirect that is not a URL');
  const to = new URL(location, from.href);
  if (from.protocol === 'https:' && to.protocol === 'http:') throw refused('is redirected from https to http');
  const headers = to.origin === from.origin ? request.headers : undefined;
  return { ...request, url: to.href, headers };
}

function send(url: URL, request: GuardedRequest, at: ResolvedHost): Promise<IncomingMessage> {
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = open(url, {
      method: request.method ?? 'GET',
      headers: { 'user-agent': 'embedding-studio', ...request.headers, 'accept-encoding': 'identity' },
      lookup: pinned(at),
      signal: request.signal,
      agent: false,
      timeout: idleMs,
    });
    sent.on('timeout', () => sent.destroy(new StudioError('SOURCE_UNREACHABLE', `${url.host} does not answer.`)));
    sent.on('error', (cause) => reject(request.signal.aborted ? request.signal.reason : toUnreachable(url, cause)));
    sent.on('response', resolve);
    sent.end(request.body);
  });
}

/** Never asks again: a name that has another address by now leads nowhere else. */
function pinned({ address, family }: ResolvedHost): LookupFunction {
  return (_host, options, done) => {
    if (options.all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
}

async function* capped(message: IncomingMessage, { bytesMax = defaultBytesMax, signal }: GuardedRequest) {
  let bytes = 0;
  try {
    for await (const chunk of message as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > bytesMax)
        throw new StudioError('BODY_TOO_LARGE', `The answer is longer than ${bytesMax} bytes; split the source.`);
      yield chunk;
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw isStudioError(error) ? error : toUnreachable(null, error);
  } finally {
    message.destroy();
  }
}

function toUnreachable(url: URL | null, cause: unknown): StudioError {
  if (isStudioError(cause)) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new StudioError('SOURCE_UNREACHABLE', `${url?.host ?? 'The source'} cannot be reached: ${message}`, { cause });
}

/** The whole answer as text, for short ones. */
export async function readText(answer: GuardedAnswer, bytesMax = 1_000_000): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new StudioError('BODY_TOO_LARGE', `The answer is longer than ${bytesMax} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
