import { z } from 'zod';

const Id = z.string().min(1).max(128);
const Status = z.enum(['pending', 'processing', 'done', 'failed', 'refused', 'canceled']);

export const ModelBody = z.strictObject({ embedding_model_id: Id }).meta({ id: 'ModelRequest' });
export const ModelQuery = z.strictObject({ embedding_model_id: Id });
export const ServingBody = z
  .strictObject({
    embedding_model_id: Id,
    id: Id.nullish().describe('Chosen by the client: the same id returns the same task.'),
  })
  .meta({ id: 'ModelServingRequest' });
export const ServingTaskId = z.strictObject({ task_id: Id });
export const ServingModelId = z.strictObject({ model_id: Id });

export const ServingAnswer = z
  .object({
    task_id: z.string(),
    embedding_model_id: z.string(),
    status: Status,
    created_at: z.string(),
    updated_at: z.string(),
    detail: z.string().optional(),
    is_ready: z.boolean().optional().describe('Whether the model server has the model loaded now.'),
  })
  .meta({ id: 'ModelServingAnswer' });

const ModelRef = z.strictObject({ embedding_model_id: Id });
export const ReindexBody = z
  .strictObject({
    id: Id.nullish().describe('Chosen by the client: the same id returns the same reindex.'),
    source: ModelRef.describe('A model with a collection.'),
    dest: ModelRef.describe('The model to embed all items with.'),
    deploy_as_blue: z.boolean().nullish().describe('Go live once verified; otherwise rest until set-blue.'),
    wait_on_conflict: z.boolean().nullish().describe('Start when the rollout under way rests, in place of a 409.'),
  })
  .meta({ id: 'ReindexRequest' });

export const ReindexAnswer = z
  .object({
    task_id: z.string(),
    source: z.object({ embedding_model_id: z.string() }).nullable(),
    dest: z.object({ embedding_model_id: z.string() }),
    deploy_as_blue: z.boolean(),
    wait_on_conflict: z.boolean().describe('It is waiting for another rollout.'),
    status: Status,
    state: z.string().describe('State of the rollout.'),
    created_at: z.string(),
    updated_at: z.string(),
    detail: z.string().optional(),
    progress: z.number().describe('Share of the items done, 0 to 1.'),
    count: z.number().describe('Items done.'),
    total: z.number().optional().describe('Items to do, once known.'),
    children: z.array(z.string()).describe('Tasks of its steps so far.'),
    failed_items: z.array(z.object({ object_id: z.string(), detail: z.string(), failure_stage: z.string() })),
  })
  .meta({ id: 'ReindexAnswer' });
export const ReindexList = z.array(ReindexAnswer);

export const CollectionAnswer = z
  .object({
    collection_id: z.string(),
    embedding_model: z.object({ id: z.string(), name: z.string(), dimensions: z.number(), metric_type: z.string() }),
    work_state: z.enum(['building', 'green', 'paused', 'retired']),
    is_blue: z.boolean(),
    contains_queries: z.boolean(),
    created_at: z.string(),
    counts: z
      .object({ objects: z.number(), parts: z.number(), stale: z.number() })
      .optional()
      .describe('`stale`: objects without a vector of their current content.'),
  })
  .meta({ id: 'CollectionAnswer' });
export const CollectionList = z.object({ collections: z.array(CollectionAnswer) }).meta({ id: 'CollectionList' });
