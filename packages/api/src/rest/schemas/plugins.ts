import { pluginKinds, pluginNeeds } from '@embedding-studio/contracts';
import { z } from 'zod';

export const PluginsQuery = z.strictObject({ kind: z.enum(pluginKinds).optional() });

const Plugin = z.object({
  id: z.string().nullable(),
  kind: z.enum(pluginKinds).nullable(),
  version: z.string().nullable(),
  title: z.string(),
  description: z.string(),
  needs: z.array(z.enum(pluginNeeds)),
  config_schema: z.record(z.string(), z.unknown()).nullable().describe('JSON Schema of its config.'),
  source: z.object({ type: z.enum(['built-in', 'folder', 'package']), name: z.string() }),
  status: z.enum(['ready', 'suspended', 'failed']),
  error: z.string().nullable().describe('Why it is not ready.'),
});
export const PluginsAnswer = z.object({ plugins: z.array(Plugin) }).meta({ id: 'PluginsAnswer' });

const Step = z.strictObject({
  id: z.string().min(1).max(100),
  config: z.record(z.string(), z.unknown()).default({}).describe('Keys as the plugin’s own schema names them.'),
  deadline_ms: z
    .number()
    .int()
    .min(1)
    .max(2_000)
    .default(50)
    .describe('Longest that a search waits for it; then the search goes on without it.'),
});

const chain = {
  query_processors: z.array(Step).max(8).default([]).describe('Run in this order before the query is embedded.'),
  rankers: z.array(Step).max(8).default([]).describe('Run in this order on the first hundred hits.'),
  vector_adjuster: Step.optional().describe('Makes the overlay of improvement in place of the built-in rule.'),
};
export const SearchPluginsBody = z.strictObject(chain).meta({ id: 'SearchPluginsRequest' });
export const SearchPluginsAnswer = z
  .object({ ...chain, collection_id: z.string() })
  .meta({ id: 'SearchPluginsAnswer' });
