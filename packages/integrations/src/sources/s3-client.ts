import { StudioError } from '@embedding-studio/contracts';
import { AwsClient } from 'aws4fetch';
import { encodeS3Key, parseS3Listing, type S3Entry, type S3Page } from '../s3/s3-listing.ts';
import { requireAccess, requireSuccess } from './answer-checks.ts';
import { type GuardedAnswer, type GuardedFetch, readText } from './network/guarded-request.ts';
import type { SourceObject } from './objects/object-source.ts';

export interface S3Access {
  endpoint: string;
  region: string;
  bucket: string;
  prefix: string;
  /** null: anonymous. */
  keys: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } | null;
  /** Keys per page of a listing; at most 1,000. */
  pageKeys?: number;
}

const listBytesMax = 16 * 2 ** 20;
const defaultPageKeys = 1_000;

/** Signed requests by path (`endpoint/bucket/key`): every S3-compatible store takes them. */
export class S3Client {
  private readonly signer: AwsClient | null;

  constructor(
    private readonly fetch: GuardedFetch,
    private readonly access: S3Access,
  ) {
    const { keys, region } = access;
    this.signer = keys === null ? null : new AwsClient({ ...keys, region, service: 's3' });
  }

  /** Any answer at all. The caller closes it. */
  ask(signal: AbortSignal): Promise<GuardedAnswer> {
    return this.get(this.listUrl(), signal);
  }

  /** Pages of ListObjectsV2, in the order of keys. */
  async *list(signal: AbortSignal): AsyncGenerator<SourceObject> {
    for (let token: string | undefined; ; ) {
      const answer = await this.get(this.listUrl(token), signal);
      checkAnswer(answer, 'bucket');
      const page = await readListing(answer);
      for (const entry of page.entries) yield toObject(entry);
      if (page.token === null) return;
      token = page.token;
    }
  }

  /** The content of exactly the listed version. */
  async open({ key, version }: SourceObject, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const path = key.split('/').map(encodeS3Key).join('/');
    const answer = await this.get(new URL(`${this.base()}/${path}`), signal, { 'if-match': `"${version}"` });
    if (answer.status === 412 || answer.status === 404) {
      answer.close();
      throw new StudioError('SOURCE_UNREACHABLE', `${key} has changed since it was listed.`);
    }
    checkAnswer(answer, 'bucket');
    return answer.body;
  }

  private base(): string {
    return `${this.access.endpoint.replace(/\/+$/, '')}/${encodeS3Key(this.access.bucket)}`;
  }

  private listUrl(token?: string): URL {
    const url = new URL(this.base());
    const { prefix, pageKeys = defaultPageKeys } = this.access;
    const query = { 'list-type': '2', 'encoding-type': 'url', 'max-keys': String(pageKeys), prefix };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    if (token !== undefined) url.searchParams.set('continuation-token', token);
    return url;
  }

  private async get(url: URL, signal: AbortSignal, headers: Record<string, string> = {}): Promise<GuardedAnswer> {
    const signed = this.signer === null ? null : await this.signer.sign(url.href, { method: 'GET', headers });
    const sent = signed === null ? headers : Object.fromEntries(signed.headers);
    return this.fetch({ url: signed?.url ?? url.href, headers: sent, signal });
  }
}

function checkAnswer(answer: GuardedAnswer, field: string): void {
  try {
    requireAccess(answer, 'accessKeyId');
    if (answer.status === 301 || answer.status === 307)
      throw new StudioError('INPUT_INVALID', 'region: the bucket is in another one', { field: 'region' });
    requireSuccess(answer, field);
  } catch (error) {
    answer.close();
    throw error;
  }
}

async function readListing(answer: GuardedAnswer): Promise<S3Page> {
  const xml = await readText(answer, listBytesMax);
  try {
    return parseS3Listing(xml);
  } catch (cause) {
    throw new StudioError('SOURCE_UNREACHABLE', 'The answer is no S3 listing.', { cause });
  }
}

function toObject({ key, etag, modifiedMs, bytes }: S3Entry): SourceObject {
  return { key, version: etag, modifiedMs, bytes };
}
