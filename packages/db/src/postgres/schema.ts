import type {
  FieldMapping,
  ItemProcessing,
  ModelManifest,
  QueryAdapterRef,
  RankingProfile,
  Scope,
  SearchPlugins,
  SecretReference,
  VanishedItems,
} from '@embedding-studio/contracts';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

/** Byte order: keyset pages and JavaScript comparisons agree whatever the cluster's locale is. */
const key = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const items = pgTable(
  'items',
  {
    id: key('id').primaryKey(),
    /** Short stand-in for `id` in postings and vectors. */
    itemNo: integer('item_no').generatedAlwaysAsIdentity().notNull().unique(),
    title: text('title').notNull(),
    body: text('body').notNull(),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
    contentHash: text('content_hash').notNull(),
    parts: jsonb('parts').$type<string[]>().notNull(),
    /** SHA-256 of a picture's file. */
    image: text('image'),
    titleLen: integer('title_len').notNull().default(0),
    bodyLen: integer('body_len').notNull().default(0),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [index('items_payload').using('gin', table.payload.op('jsonb_path_ops'))],
);

export const lexemes = pgTable('lexemes', {
  lexeme: key('lexeme').primaryKey(),
  /** Items that contain it, in either field. */
  df: integer('df').notNull(),
});

export const lexicalStatistics = pgTable(
  'lexical_statistics',
  {
    singleton: boolean('singleton').primaryKey().default(true),
    items: integer('items').notNull().default(0),
    titleWords: bigint('title_words', { mode: 'number' }).notNull().default(0),
    bodyWords: bigint('body_words', { mode: 'number' }).notNull().default(0),
  },
  (table) => [check('lexical_statistics_one_row', sql`${table.singleton}`)],
);

export const models = pgTable(
  'models',
  {
    id: key('id').primaryKey(),
    name: text('name').notNull(),
    status: text('status').notNull(),
    manifest: jsonb('manifest').$type<ModelManifest>().notNull(),
    artefactKey: text('artefact_key').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [index('models_name').on(table.name), index('models_newest').on(table.createdAt, table.id)],
);

export const collections = pgTable(
  'collections',
  {
    id: key('id').primaryKey(),
    modelId: key('model_id').notNull(),
    dims: integer('dims').notNull(),
    status: text('status').notNull(),
    ranking: jsonb('ranking').$type<RankingProfile>().notNull(),
    queryAdapters: jsonb('query_adapters').$type<QueryAdapterRef[]>().notNull().default([]),
    searchPlugins: jsonb('search_plugins')
      .$type<SearchPlugins>()
      .notNull()
      .default({ queryProcessors: [], rankers: [] }),
    /** Most parts any item has had here: how far a search over-fetches. */
    partsMax: integer('parts_max').notNull().default(1),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    index('collections_newest').on(table.createdAt, table.id),
    check('collections_id_form', sql`${table.id} ~ '^col_[0-9a-f]{32}$'`),
    check('collections_status_known', sql`${table.status} IN ('building', 'ready', 'paused', 'retired')`),
  ],
);

export const dataSources = pgTable('data_sources', {
  id: key('id').primaryKey(),
  name: text('name').notNull(),
  loader: text('loader').notNull(),
  config: jsonb('config').$type<Record<string, unknown>>().notNull(),
  /** Encrypted, by dotted path of the config. */
  sealed: jsonb('sealed').$type<Record<string, string>>().notNull(),
  references: jsonb('secret_references').$type<Record<string, SecretReference>>().notNull(),
  mapping: jsonb('mapping').$type<FieldMapping>().notNull(),
  processing: jsonb('processing').$type<ItemProcessing>().notNull(),
  deletions: text('deletions').$type<VanishedItems>().notNull().default('keep'),
  cursor: text('cursor'),
  lastTaskId: text('last_task_id'),
  createdAt: instant('created_at').notNull().defaultNow(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
});

export const policies = pgTable('policies', {
  name: key('name').primaryKey(),
  value: jsonb('value').$type<Record<string, unknown>>().notNull(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
});

export const livePointer = pgTable(
  'live_pointer',
  {
    singleton: boolean('singleton').primaryKey().default(true),
    collectionId: key('collection_id')
      .notNull()
      .references(() => collections.id),
    previousCollectionId: key('previous_collection_id').references(() => collections.id),
    version: integer('version').notNull(),
    switchedAt: instant('switched_at').notNull().defaultNow(),
  },
  (table) => [check('live_pointer_one_row', sql`${table.singleton}`)],
);

export const apiKeys = pgTable(
  'api_keys',
  {
    id: key('id').primaryKey(),
    name: text('name').notNull(),
    prefix: text('prefix').notNull(),
    lastFour: text('last_four').notNull().default(''),
    secretHash: text('secret_hash').notNull(),
    scopes: jsonb('scopes').$type<Scope[]>().notNull(),
    collections: jsonb('collections').$type<string[]>(),
    requestsPerMinute: integer('requests_per_minute'),
    previousSecretHash: text('previous_secret_hash'),
    previousValidUntil: instant('previous_valid_until'),
    lastUsedAt: instant('last_used_at'),
    lastUsedIp: text('last_used_ip'),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('api_keys_secret_hash').on(table.secretHash),
    index('api_keys_previous_secret_hash').on(table.previousSecretHash),
  ],
);

export const auditLog = pgTable(
  'audit_log',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant('at').notNull().defaultNow(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull(),
    /** Links the row to the one before; a trigger writes it. */
    hash: text('hash'),
  },
  (table) => [index('audit_log_subject').on(table.subject)],
);
