import { z } from 'zod';

const Id = z.string().min(1).max(128);
const Name = z.string().trim().min(1).max(200);
const FieldPath = z.string().min(1).max(300);
const Config = z
  .record(z.string(), z.unknown())
  .describe('As the schema of the loader says (GET /plugins/list). A secret is a text, or {"setting": name}.');

const Mapping = z
  .strictObject({
    id: FieldPath.nullable().default(null).describe("Null: the record's own key in the source."),
    title: FieldPath.nullable().default(null),
    text: z.array(FieldPath).max(20).default([]),
    payload: z
      .record(z.string().min(1).max(200), FieldPath)
      .nullable()
      .default(null)
      .describe('Name in the payload and field; null: every field that is not id, title or text.'),
  })
  .meta({ id: 'FieldMapping' });

const Step = z.strictObject({
  id: z.string().min(1).max(100),
  config: z.record(z.string(), z.unknown()).default({}),
});
const Processing = z
  .strictObject({ text_processors: z.array(Step).max(8).default([]), splitter: Step.nullable().default(null) })
  .meta({ id: 'ItemProcessing' });

const deletions = z
  .enum(['keep', 'delete'])
  .describe('What a full sync does with items whose record is gone from the source. Default keep.');

const details = { mapping: Mapping.optional(), processing: Processing.optional() };

export const CreateSourceBody = z
  .strictObject({
    name: Name,
    loader: z.string().min(1).max(100).describe('Id of a loader plugin, e.g. folder, http, s3, gcs, postgres.'),
    config: Config,
    ...details,
    deletions: deletions.optional(),
  })
  .meta({ id: 'DataSourceRequest' });
export const UpdateSourceBody = z
  .strictObject({
    source_id: Id,
    name: Name.optional(),
    config: Config.optional(),
    ...details,
    deletions: deletions.optional(),
  })
  .meta({ id: 'DataSourceChange' });
export const TrySourceBody = z
  .strictObject({
    source_id: Id.optional().describe('A stored source; or else loader and config.'),
    loader: z.string().min(1).max(100).optional(),
    config: Config.optional(),
    ...details,
  })
  .meta({ id: 'DataSourceTrial' });
export const SyncBody = z
  .strictObject({
    source_id: Id,
    mode: z.enum(['incremental', 'full']).default('incremental'),
    priority: z.enum(['high', 'normal', 'low']).default('normal'),
    force: z.boolean().default(false).describe('Delete vanished items however many they are.'),
  })
  .meta({ id: 'SyncRequest' });

export const SourceQuery = z.strictObject({ source_id: Id });
export const SourceListQuery = z.strictObject({
  after: z.string().max(200).optional().describe('Id of the last source of the page before.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

export const SourceAnswer = z
  .object({
    source_id: z.string(),
    name: z.string(),
    loader: z.string(),
    config: z.record(z.string(), z.unknown()).describe('Without its secrets.'),
    secrets: z.array(
      z.object({ field: z.string(), kept: z.enum(['encrypted', 'setting']), setting: z.string().nullable() }),
    ),
    mapping: Mapping,
    processing: Processing,
    deletions: z.enum(['keep', 'delete']),
    cursor: z.string().nullable(),
    last_task_id: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'DataSource' });
export const SourceList = z.array(SourceAnswer);
export const DeletedAnswer = z.object({ deleted: z.boolean() });

export const TestAnswer = z
  .object({
    ok: z.boolean(),
    steps: z
      .array(z.object({ name: z.string(), ok: z.boolean(), message: z.string() }))
      .describe('Those tried, in order; the last one has failed where `ok` is false.'),
  })
  .meta({ id: 'ConnectionTest' });

const Payload = z.record(z.string(), z.unknown());
export const PreviewAnswer = z
  .object({
    rows: z.array(Payload),
    columns: z.array(z.object({ name: z.string(), type: z.string(), is_optional: z.boolean() })),
    items: z.array(
      z.object({
        object_id: z.string().nullable(),
        title: z.string(),
        text: z.string(),
        payload: Payload,
        detail: z.string().nullable().describe('Why the row makes no item.'),
      }),
    ),
  })
  .meta({ id: 'DataSourcePreview' });

export const SyncAnswer = z
  .object({
    task_id: z.string(),
    source_id: z.string(),
    mode: z.enum(['incremental', 'full']),
    status: z.enum(['pending', 'processing', 'done', 'failed', 'refused', 'canceled']),
    created_at: z.string(),
    updated_at: z.string(),
    records: z.number().describe('Read so far.'),
    detail: z.string().optional(),
    failed_items: z.array(z.object({ object_id: z.string(), detail: z.string(), failure_stage: z.string() })),
  })
  .meta({ id: 'SyncAnswer' });
export const SyncList = z.array(SyncAnswer);
