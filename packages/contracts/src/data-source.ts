import { z } from 'zod';
import { type ItemInput, ItemProcessing } from './item.ts';
import type { InferredColumn } from './plugin/index.ts';

/** A field of a record: its name, or names joined by dots into objects and lists (`author.name`, `tags.0`). */
export const FieldPath = z.string().min(1).max(300);

/** Which fields of a source's records make an item. */
export const FieldMapping = z.strictObject({
  /** null: the record's own key in the source. */
  id: FieldPath.nullable().default(null),
  title: FieldPath.nullable().default(null),
  /** Joined by line breaks, empty ones left out. */
  text: z.array(FieldPath).max(20).default([]),
  /** Name in the payload → field. null: every field that is not id, title or text. */
  payload: z.record(z.string().min(1).max(200), FieldPath).nullable().default(null),
});
export type FieldMapping = z.infer<typeof FieldMapping>;

/** A secret that is kept outside: the name under which the operator's settings hold it. */
export const SecretReference = z.strictObject({ setting: z.string().min(1).max(200) });
export type SecretReference = z.infer<typeof SecretReference>;

export const SyncMode = z.enum(['incremental', 'full']);
export type SyncMode = z.infer<typeof SyncMode>;

/** What a full sync does with items whose record is gone from the source. */
export const VanishedItems = z.enum(['keep', 'delete']);
export type VanishedItems = z.infer<typeof VanishedItems>;

/** A place that items come from, as everybody may see it: without its secrets. */
export interface DataSource {
  id: string;
  name: string;
  /** Id of a loader plugin. */
  loader: string;
  /** The loader's config without its secrets. */
  config: Record<string, unknown>;
  /** Dotted paths of the secrets that are set, and where they are kept. */
  secrets: { field: string; kept: 'encrypted' | 'setting'; setting: string | null }[];
  mapping: FieldMapping;
  processing: ItemProcessing;
  deletions: VanishedItems;
  /** How far it has been read: everything before it is written. Opaque text of the loader. */
  cursor: string | null;
  lastTaskId: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** As stored. */
export interface DataSourceRecord extends Omit<DataSource, 'secrets'> {
  /** Encrypted secrets by dotted path. */
  sealed: Record<string, string>;
  references: Record<string, SecretReference>;
}

/** A row of a preview as an item with the texts that would be embedded, or what is wrong with it. Long texts are cut. */
export type PreviewedItem =
  | { item: ItemInput; parts: string[]; error: null }
  | { item: null; parts: null; error: string };

export interface SourcePreview {
  rows: Record<string, unknown>[];
  columns: InferredColumn[];
  items: PreviewedItem[];
}

export const defaultMapping: FieldMapping = FieldMapping.parse({});
export const plainProcessing: ItemProcessing = ItemProcessing.parse({});
