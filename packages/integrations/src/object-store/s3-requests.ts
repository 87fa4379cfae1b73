import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import { encodeS3Key } from '../s3/s3-listing.ts';
import { type ObjectAnswer, type ObjectSink, type Patience, receive, receiveWhole } from './patient-requests.ts';

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

export type S3Sender = (request: S3Request) => Promise<ObjectAnswer>;

/** Signed requests (signature version 4), with the patience of the settings. */
export function createS3Sender(settings: S3StoreSettings): S3Sender {
  return (request) => receiveWhole(patienceOf(settings, request), () => sign(settings, request));
}

/** As a sender, for bodies that are not kept in memory. */
export function receiveS3(
  settings: S3StoreSettings,
  request: S3Request,
  sink: ObjectSink,
): Promise<{ status: number; headers: Headers }> {
  return receive(patienceOf(settings, request), () => sign(settings, request), sink);
}

function patienceOf(settings: S3StoreSettings, { retriesMax = settings.retriesMax }: S3Request): Patience {
  return { endpoint: settings.endpoint, timeoutMs: settings.timeoutMs, retriesMax };
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
