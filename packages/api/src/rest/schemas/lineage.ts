import { z } from 'zod';

const Id = z.string().min(1).max(128);

export const LineageQuery = z.strictObject({
  embedding_model_id: Id.optional().describe('One of the ids is needed, and one alone.'),
  collection_id: Id.optional(),
  rollout_id: Id.optional(),
  run_id: Id.optional().describe('Of the tracker.'),
  batch_id: Id.optional(),
});

export const LineageAnswer = z
  .object({
    nodes: z.array(
      z.object({
        key: z.string().describe('Kind and id.'),
        kind: z.enum(['batch', 'data', 'experiment', 'search', 'run', 'model', 'rollout', 'collection']),
        id: z.string().describe('Of `data`: SHA-256 of the training examples.'),
        label: z.string(),
        detail: z.string().nullable(),
        state: z.string().nullable(),
      }),
    ),
    edges: z.array(z.object({ from: z.string(), to: z.string() })).describe('Keys; what led to what.'),
    roots: z.array(z.string()).describe('Models that were asked about.'),
  })
  .meta({ id: 'LineageAnswer' });
