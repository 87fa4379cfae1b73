import { createHash } from 'node:crypto';
import { type Loader, pluginApiVersion, type SourceRow, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { requireAccess, requireSuccess } from './answer-checks.ts';
import { trySteps } from './connection-steps.ts';
import type { GuardedAnswer, GuardedFetch } from './network/guarded-request.ts';
import type { HostGuard } from './network/host-guard.ts';
import { inferColumns } from './records/infer-columns.ts';
import { type FileRecord, readRecords } from './records/read-records.ts';
import { findFormat, formatShape, unreadable } from './records/record-format.ts';

const HttpConfig = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(4_000)
    .describe('Of a JSON lines, CSV or JSON document.'),
  ...formatShape,
  token: z.string().min(1).max(8_000).optional().meta({ secret: true }).describe('Sent as a bearer token.'),
  bytesMax: z
    .number()
    .int()
    .min(1)
    .max(2 ** 36)
    .default(2 ** 30)
    .describe('A longer document is refused.'),
});
type HttpConfig = z.infer<typeof HttpConfig>;

const redirectsMax = 5;

interface Network {
  guard: HostGuard;
  fetch: GuardedFetch;
}

/** One document over HTTP. */
export function createHttpLoader(network: Network): Loader<HttpConfig> {
  return {
    apiVersion: pluginApiVersion,
    kind: 'loader',
    id: 'http',
    version: '1.0.0',
    title: 'HTTP',
    description:
      'Reads one JSON lines, CSV or JSON document from a URL. A document that has changed is read from its start; unchanged items are not embedded again. Private addresses need the operator’s leave.',
    config: HttpConfig,
    needs: ['network', 'secrets'],
    testConnection: (config, signal) => testConnection(network, { config, signal }),
    async preview(config, { limit, signal }) {
      const rows: Record<string, unknown>[] = [];
      for await (const { record } of read(network, { config, signal }, null)) {
        if (record.fault === undefined) rows.push(record.fields);
        if (rows.length >= limit) break;
      }
      return { rows, columns: inferColumns(rows) };
    },
    read: (config, { cursor, signal }) => read(network, { config, signal }, cursor),
  };
}

interface Call {
  config: HttpConfig;
  signal: AbortSignal;
}

async function testConnection({ guard, fetch }: Network, call: Call) {
  let answer: GuardedAnswer | undefined;
  const steps = await trySteps([
    {
      name: 'resolve',
      act: async () => {
        const { hostname } = new URL(call.config.url);
        return `${hostname} is ${(await guard.resolve(hostname)).address}`;
      },
    },
    {
      name: 'connect',
      act: async () => {
        answer = await ask(fetch, call);
        return `${new URL(answer.url).host} answers ${answer.status}`;
      },
    },
    { name: 'authenticate', act: async () => check(answer, requireAccess, 'token') },
    { name: 'read', act: async () => check(answer, requireSuccess, 'url') },
    { name: 'parse', act: async () => parseFirst(answer, call.config) },
  ]);
  answer?.close();
  return steps;
}

function ask(fetch: GuardedFetch, { config, signal }: Call): Promise<GuardedAnswer> {
  const headers = config.token === undefined ? undefined : { authorization: `Bearer ${config.token}` };
  return fetch({ url: config.url, headers, signal, redirectsMax, bytesMax: config.bytesMax });
}

function check(
  answer: GuardedAnswer | undefined,
  require: (answer: GuardedAnswer, field: string) => void,
  field: string,
): string {
  if (answer !== undefined) require(answer, field);
  return `allowed by status ${answer?.status}`;
}

async function parseFirst(answer: GuardedAnswer | undefined, config: HttpConfig): Promise<string> {
  if (answer === undefined) return 'nothing to parse';
  for await (const { fault } of records(answer, config)) {
    if (fault === undefined) return 'the first record can be read';
    throw new StudioError('INPUT_INVALID', fault, { field: 'format' });
  }
  return 'there is no record';
}

function records(answer: GuardedAnswer, config: HttpConfig): AsyncIterable<FileRecord> {
  const name = new URL(answer.url).pathname;
  const format = findFormat(config, { name, mediaType: answer.headers['content-type'] });
  if (format === null) throw unreadable(name, 'neither name nor content-type tells the format; set one');
  return readRecords({ name, format, bytes: answer.body }, config);
}

async function* read({ fetch }: Network, call: Call, cursor: string | null): AsyncGenerator<SourceRow> {
  const answer = await ask(fetch, call);
  try {
    requireAccess(answer, 'token');
    requireSuccess(answer, 'url');
    yield* readDocument(answer, call, cursor);
  } finally {
    answer.close();
  }
}

async function* readDocument(answer: GuardedAnswer, call: Call, cursor: string | null): AsyncGenerator<SourceRow> {
  const version = versionOf(answer);
  const last = cursor === null ? null : readCursor(cursor);
  // Another document than the one that was read: from its start.
  const from = last === null || last.version !== version ? 0 : last.row + 1;
  let row = -1;
  for await (const { fields, fault } of records(answer, call.config)) {
    call.signal.throwIfAborted();
    row += 1;
    if (row < from) continue;
    const record = { key: String(row + 1), fields: fields ?? {}, ...(fault !== undefined && { fault }) };
    yield { record, cursor: JSON.stringify([version, row]) };
  }
  call.signal.throwIfAborted();
}

/** Changes with the document. A server that tells nothing of it: the document is taken for one that only grows. */
function versionOf({ headers }: GuardedAnswer): string {
  const told = headers.etag ?? headers['last-modified'] ?? headers['content-length'];
  return told === undefined ? 'grows' : createHash('sha256').update(String(told)).digest('base64url').slice(0, 22);
}

const Cursor = z.tuple([z.string(), z.number().int().min(0)]);

function readCursor(text: string): { version: string; row: number } {
  try {
    const [version, row] = Cursor.parse(JSON.parse(text));
    return { version, row };
  } catch (cause) {
    throw new StudioError('INPUT_INVALID', 'cursor: is not one of this loader; sync in full', {
      field: 'cursor',
      cause,
    });
  }
}
