import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';

/** An object of a bucket as a listing tells it. */
export interface S3Entry {
  key: string;
  /** Without its quotes. */
  etag: string;
  /** Many stores tell whole seconds only. */
  modifiedMs: number;
  bytes: number;
}

export interface S3Page {
  entries: S3Entry[];
  /** Asks for the next page; null after the last one. */
  token: string | null;
}

const Entry = z.object({ Key: z.string(), LastModified: z.string(), ETag: z.string(), Size: z.coerce.number() });
const Listing = z.object({
  ListBucketResult: z.object({
    Contents: z.array(Entry).default([]),
    IsTruncated: z.string().default('false'),
    NextContinuationToken: z.string().optional(),
    /** A store that cannot encode names leaves this out. */
    EncodingType: z.string().optional(),
  }),
});
const parser = new XMLParser({ parseTagValue: false, htmlEntities: true, isArray: (name) => name === 'Contents' });

/** An answer of ListObjectsV2. Throws where it is none. */
export function parseS3Listing(xml: string): S3Page {
  const parsed = parser.parse(xml) as { ListBucketResult?: unknown };
  // An empty element is an empty text.
  const result = parsed.ListBucketResult === '' ? {} : parsed.ListBucketResult;
  const { ListBucketResult: page } = Listing.parse({ ListBucketResult: result });
  const isEncoded = page.EncodingType === 'url';
  return {
    entries: page.Contents.map((entry) => toEntry(entry, isEncoded)),
    token: page.IsTruncated === 'true' ? (page.NextContinuationToken ?? null) : null,
  };
}

function toEntry(entry: z.infer<typeof Entry>, isEncoded: boolean): S3Entry {
  return {
    key: isEncoded ? decodeURIComponent(entry.Key.replaceAll('+', ' ')) : entry.Key,
    etag: entry.ETag.replaceAll('"', ''),
    modifiedMs: Date.parse(entry.LastModified),
    bytes: entry.Size,
  };
}

/** As S3 signs paths: everything but letters, digits and `-._~`. */
export function encodeS3Key(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
