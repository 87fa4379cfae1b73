import { type Loader, pluginApiVersion, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { requireAccess, requireSuccess } from './answer-checks.ts';
import { createTokenSource } from './gcs-token.ts';
import { type GuardedAnswer, type GuardedFetch, readText } from './network/guarded-request.ts';
import type { HostGuard } from './network/host-guard.ts';
import { readObjects } from './objects/object-loader.ts';
import type { ObjectSource, SourceObject } from './objects/object-source.ts';
import { formatShape } from './records/record-format.ts';

const GcsConfig = z.strictObject({
  bucket: z.string().min(1).max(255),
  prefix: z.string().max(1_000).default('').describe('Only objects whose name begins with it.'),
  serviceAccount: z
    .string()
    .min(1)
    .max(20_000)
    .optional()
    .meta({ secret: true })
    .describe('JSON of a service account key that may read the bucket; without it the bucket is read anonymously.'),
  endpoint: z.url({ protocol: /^https?$/ }).default('https://storage.googleapis.com'),
  ...formatShape,
});
type GcsConfig = z.infer<typeof GcsConfig>;

interface Network {
  guard: HostGuard;
  fetch: GuardedFetch;
}

const Listing = z.object({
  items: z
    .array(z.object({ name: z.string(), generation: z.string(), updated: z.string(), size: z.coerce.number() }))
    .default([]),
  nextPageToken: z.string().optional(),
});
const listBytesMax = 16 * 2 ** 20;

/** Objects of a bucket in Google Cloud Storage, over its JSON API. */
export function createGcsLoader(network: Network): Loader<GcsConfig> {
  return {
    apiVersion: pluginApiVersion,
    kind: 'loader',
    id: 'gcs',
    version: '1.0.0',
    title: 'Google Cloud Storage',
    description:
      'Reads JSON lines, CSV, JSON and text objects of a bucket in Google Cloud Storage. New and changed objects are read at the next sync.',
    config: GcsConfig,
    needs: ['network', 'secrets'],
    ...readObjects<GcsConfig>((config) => openBucket(network, config)),
  };
}

function openBucket({ guard, fetch }: Network, config: GcsConfig): ObjectSource {
  const { serviceAccount } = config;
  const findToken =
    serviceAccount === undefined ? null : createTokenSource(fetch, { serviceAccount, now: () => Date.now() });
  const base = `${config.endpoint.replace(/\/+$/, '')}/storage/v1/b/${encodeURIComponent(config.bucket)}/o`;
  const get = async (url: string, signal: AbortSignal): Promise<GuardedAnswer> => {
    const headers = findToken === null ? undefined : { authorization: `Bearer ${await findToken(signal)}` };
    return fetch({ url, headers, signal });
  };
  const host = new URL(config.endpoint);
  const signal = AbortSignal.timeout(20_000);
  return {
    steps: [
      { name: 'resolve', act: async () => `${host.hostname} is ${(await guard.resolve(host.hostname)).address}` },
      {
        name: 'connect',
        act: async () => {
          const answer = await fetch({ url: `${base}?maxResults=1`, signal });
          answer.close();
          if (answer.status >= 500) throw new StudioError('SOURCE_UNREACHABLE', `The store answers ${answer.status}.`);
          return `${host.host} answers`;
        },
      },
      {
        name: 'authenticate',
        act: async () => {
          const answer = await get(`${base}?maxResults=1`, signal);
          answer.close();
          requireAccess(answer, 'serviceAccount');
          return findToken === null ? 'anonymous' : 'the service account is accepted';
        },
      },
    ],
    list: (listing) => list({ base, prefix: config.prefix, get, signal: listing }),
    async open({ key, version }, reading) {
      const answer = await get(`${base}/${encodeURIComponent(key)}?alt=media&generation=${version}`, reading);
      if (answer.status === 404) {
        answer.close();
        throw new StudioError('SOURCE_UNREACHABLE', `${key} has changed since it was listed.`);
      }
      check(answer);
      return answer.body;
    },
  };
}

interface Bucket {
  base: string;
  prefix: string;
  get: (url: string, signal: AbortSignal) => Promise<GuardedAnswer>;
  signal: AbortSignal;
}

async function* list({ base, prefix, get, signal }: Bucket): AsyncGenerator<SourceObject> {
  for (let pageToken: string | undefined; ; ) {
    const query = new URLSearchParams({ prefix, fields: 'items(name,generation,size,updated),nextPageToken' });
    if (pageToken !== undefined) query.set('pageToken', pageToken);
    const answer = await get(`${base}?${query}`, signal);
    check(answer);
    const page = parsePage(await readText(answer, listBytesMax));
    for (const { name, generation, updated, size } of page.items)
      yield { key: name, version: generation, modifiedMs: Date.parse(updated), bytes: size };
    pageToken = page.nextPageToken;
    if (pageToken === undefined) return;
  }
}

function check(answer: GuardedAnswer): void {
  try {
    requireAccess(answer, 'serviceAccount');
    requireSuccess(answer, 'bucket');
  } catch (error) {
    answer.close();
    throw error;
  }
}

function parsePage(text: string): z.infer<typeof Listing> {
  try {
    return Listing.parse(JSON.parse(text));
  } catch (cause) {
    throw new StudioError('SOURCE_UNREACHABLE', 'The answer is no listing of Google Cloud Storage.', { cause });
  }
}
