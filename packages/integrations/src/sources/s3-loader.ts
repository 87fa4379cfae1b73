import { type Loader, pluginApiVersion, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { requireAccess } from './answer-checks.ts';
import type { GuardedFetch } from './network/guarded-request.ts';
import type { HostGuard } from './network/host-guard.ts';
import { readObjects } from './objects/object-loader.ts';
import type { ObjectSource } from './objects/object-source.ts';
import { formatShape } from './records/record-format.ts';
import { S3Client } from './s3-client.ts';

const S3Config = z
  .strictObject({
    bucket: z.string().min(1).max(255),
    prefix: z.string().max(1_000).default('').describe('Only objects whose key begins with it.'),
    region: z.string().min(1).max(100).default('us-east-1'),
    endpoint: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Of an S3-compatible store; default: that of Amazon in the region.'),
    accessKeyId: z.string().min(1).max(200).optional().describe('Without keys the bucket is read anonymously.'),
    secretAccessKey: z.string().min(1).max(500).optional().meta({ secret: true }),
    sessionToken: z.string().min(1).max(4_000).optional().meta({ secret: true }),
    ...formatShape,
  })
  .refine((config) => (config.accessKeyId === undefined) === (config.secretAccessKey === undefined), {
    path: ['secretAccessKey'],
    message: 'goes with accessKeyId: give both or none',
  });
type S3Config = z.infer<typeof S3Config>;

interface Network {
  guard: HostGuard;
  fetch: GuardedFetch;
}

/** Objects of a bucket in Amazon S3 or a store that speaks the same. */
export function createS3Loader(network: Network): Loader<S3Config> {
  return {
    apiVersion: pluginApiVersion,
    kind: 'loader',
    id: 's3',
    version: '1.0.0',
    title: 'S3',
    description:
      'Reads JSON lines, CSV, JSON and text objects of a bucket in Amazon S3, MinIO or another S3-compatible store. New and changed objects are read at the next sync. An object that is written in the same second as the last one read, with a key before it, is seen by a full sync only.',
    config: S3Config,
    needs: ['network', 'secrets'],
    ...readObjects<S3Config>((config) => openBucket(network, config)),
  };
}

function openBucket({ guard, fetch }: Network, config: S3Config): ObjectSource {
  const endpoint = config.endpoint ?? `https://s3.${config.region}.amazonaws.com`;
  const { accessKeyId, secretAccessKey, sessionToken } = config;
  const keys =
    accessKeyId === undefined || secretAccessKey === undefined ? null : { accessKeyId, secretAccessKey, sessionToken };
  const client = new S3Client(fetch, { ...config, endpoint, keys });
  const signal = AbortSignal.timeout(20_000);
  let status = 0;
  return {
    steps: [
      {
        name: 'resolve',
        act: async () => {
          const { hostname } = new URL(endpoint);
          return `${hostname} is ${(await guard.resolve(hostname)).address}`;
        },
      },
      {
        name: 'connect',
        act: async () => {
          const answer = await client.ask(signal);
          answer.close();
          status = answer.status;
          if (status >= 500) throw new StudioError('SOURCE_UNREACHABLE', `The store answers ${status}.`);
          return `${new URL(endpoint).host} answers ${status}`;
        },
      },
      {
        name: 'authenticate',
        act: async () => {
          requireAccess({ status }, 'accessKeyId');
          return keys === null ? 'anonymous' : 'the keys are accepted';
        },
      },
    ],
    list: (listing) => client.list(listing),
    open: (object, reading) => client.open(object, reading),
  };
}
