import { z } from 'zod';

const Id = z.string().min(1).max(128);
const collection_id = Id.optional().describe('The live collection when left out.');

export const ImprovementSettingsBody = z
  .strictObject({
    collection_id,
    is_on: z.boolean().optional().describe('Serve and feed the overlay.'),
    is_held: z.boolean().optional().describe('Learn on, but keep serving the present version.'),
  })
  .meta({ id: 'ImprovementSettingsRequest' });

export const ImprovementQuery = z.strictObject({ collection_id, object_id: Id.optional() });
export const ImprovementRunBody = z.strictObject({ collection_id }).meta({ id: 'ImprovementRunRequest' });
export const ImprovementRunAnswer = z
  .object({ task_id: z.string(), status: z.string() })
  .meta({ id: 'ImprovementRunAnswer' });
export const ImprovementFoldBody = z.strictObject({}).meta({ id: 'ImprovementFoldRequest' });
export const ImprovementFoldAnswer = z
  .object({
    rollout_id: z.string(),
    state: z.string().describe('The gate comes first: it ends `live`, or `rejected` with nothing changed.'),
  })
  .meta({ id: 'ImprovementFoldAnswer' });
export const ImprovementRollBackBody = z
  .strictObject({ collection_id, version: z.int().min(0) })
  .meta({ id: 'ImprovementRollBackRequest' });

export const ImprovementStateAnswer = z
  .object({
    collection_id: z.string(),
    is_on: z.boolean(),
    is_held: z.boolean(),
    version: z.number().describe('The overlay that searches see.'),
    version_last: z.number(),
    learn_from: z.string().describe('Older feedback is in the model already.'),
  })
  .meta({ id: 'ImprovementState' });

export const ImprovementAnswer = z
  .object({
    collection_id: z.string(),
    state: ImprovementStateAnswer.nullable().describe('Null: never turned on.'),
    items: z.number(),
    users: z.number(),
    evidence: z.number(),
    object: z
      .object({
        object_id: z.string(),
        version: z.number(),
        made_at: z.string(),
        is_moved: z.boolean(),
        users_effective: z.number(),
        users: z.number(),
        sessions: z.number(),
        latest_sessions: z.array(z.string()),
      })
      .nullable()
      .optional(),
  })
  .meta({ id: 'ImprovementAnswer' });

export const EraseUserBody = z.strictObject({ user_id: Id }).meta({ id: 'EraseUserRequest' });
export const EraseUserAnswer = z
  .object({ sessions: z.number(), events: z.number(), objects: z.number() })
  .meta({ id: 'EraseUserAnswer' });
