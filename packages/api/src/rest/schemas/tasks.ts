import { ItemImage } from '@embedding-studio/contracts';
import { z } from 'zod';

const Id = z.string().min(1).max(128);
const Status = z.enum(['pending', 'processing', 'done', 'failed', 'refused', 'canceled']);
const Payload = z.record(z.string(), z.unknown());

export const UpsertionBody = z
  .strictObject({
    id: Id.nullish().describe('Chosen by the client: the same id returns the same task.'),
    items: z
      .array(
        z.strictObject({
          object_id: Id,
          payload: Payload.nullish().describe('Returned with hits; its words are searchable.'),
          item_info: z
            .looseObject({ title: z.string().max(2_000).nullish(), text: z.string().max(200_000).nullish() })
            .nullish(),
          title: z.string().max(2_000).nullish(),
          text: z.string().max(200_000).nullish(),
          image: ItemImage.nullish().describe(
            'A picture, searched by what it shows: an https address (url), a file in base64 (data: PNG, JPEG or WebP, 4 MiB at most) or the SHA-256 of one sent before (sha256).',
          ),
        }),
      )
      .min(1)
      .max(1_000),
  })
  .meta({ id: 'UpsertionRequest' });

export const InternalUpsertionBody = UpsertionBody.extend({
  embedding_model_id: Id.describe('A model with a collection; items reach all collections that take writes.'),
}).meta({ id: 'ModelUpsertionRequest' });

export const DeletionBody = z
  .strictObject({
    id: Id.nullish().describe('Chosen by the client: the same id returns the same task.'),
    object_ids: z.array(Id).min(1).max(10_000),
  })
  .meta({ id: 'DeletionRequest' });
export const InternalDeletionBody = DeletionBody.extend({
  embedding_model_id: Id.describe('A model with a collection; items leave all collections.'),
}).meta({ id: 'ModelItemDeletionRequest' });

export const DeletionAnswer = z
  .object({
    task_id: z.string(),
    status: Status,
    created_at: z.string(),
    updated_at: z.string(),
    progress: z.object({ done: z.number(), total: z.number() }).optional(),
    detail: z.string().optional(),
    failed_item_ids: z.array(z.object({ object_id: z.string(), detail: z.string() })),
  })
  .meta({ id: 'DeletionAnswer' });

export const UpsertionAnswer = z
  .object({
    task_id: z.string(),
    status: Status,
    created_at: z.string(),
    updated_at: z.string(),
    progress: z.object({ done: z.number(), total: z.number() }).optional(),
    detail: z.string().optional(),
    failed_items: z.array(z.object({ object_id: z.string(), detail: z.string(), failure_stage: z.string() })),
  })
  .meta({ id: 'UpsertionAnswer' });

export const FineTuningBody = z
  .strictObject({
    id: Id.nullish(),
    embedding_model_id: Id.describe('The model to start from.'),
    batch_id: Id.nullish().describe('A released batch; the collecting one is released when left out.'),
    metadata: Payload.nullish().describe('`method` names a fine-tuning method, `settings` its settings.'),
    idempotency_key: Id.nullish(),
    deploy_as_blue: z
      .boolean()
      .nullish()
      .describe('Go on to the gate, deployment, reindex and switch when training is done.'),
    wait_on_conflict: z.boolean().nullish(),
  })
  .meta({ id: 'FineTuningRequest' });

export const FineTuningAnswer = z
  .object({
    task_id: z.string(),
    embedding_model_id: z.string(),
    status: Status,
    created_at: z.string(),
    updated_at: z.string(),
    batch_id: z.string().optional(),
    best_model_id: z.string().optional(),
    rollout_id: z.string().optional(),
    detail: z.string().optional(),
    idempotency_key: z.string().optional(),
    deploy_as_blue: z.boolean(),
  })
  .meta({ id: 'FineTuningAnswer' });

export const FineTuningId = z.strictObject({ id: Id });
export const TaskQuery = z.strictObject({ task_id: Id });
export const TaskListQuery = z.strictObject({
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  status: Status.optional(),
});
export const FineTuningList = z.array(FineTuningAnswer);
