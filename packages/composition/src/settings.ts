import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';

const Count = z.coerce.number().int().positive();

/** Where the services are and how the core behaves; every process of the product is started with these. */
export const studioFragment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).describe('PostgreSQL with pgvector 0.8 or newer.'),
  DATABASE_POOL_MAX: Count.default(10).describe('Connections of this process; its searches may open as many again.'),
  MONGODB_URL: z.string().startsWith('mongodb').describe('Sessions, tasks and rollouts.'),
  MONGODB_DATABASE: z.string().min(1).default('embedding_studio'),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe('Queue; without it the queue lives in Postgres.'),
  TRITON_URL: z.url().describe('KServe v2 model server: the embedded one or Triton.'),
  MODEL_REPOSITORY_FOLDER: z.string().min(1).describe("The model server's repository, as seen from this process."),
  OBJECTS_FOLDER: z.string().min(1).describe('Model artefacts and other objects.'),
  WORK_FOLDER: z.string().min(1).describe('Scratch space; may be emptied between runs.'),
  PART_WORDS_MAX: Count.default(80).describe('Words per embedded part of an item.'),
  PARTS_MAX: Count.default(3).describe('Parts embedded per item.'),
  EMBED_BATCH_TEXTS: Count.default(16).describe('Texts per request to the model server.'),
  INGEST_ITEMS_PER_SECOND: Count.optional().describe('Most items per second that one ingest task writes.'),
  HELD_OUT_SHARE: z.coerce
    .number()
    .gt(0)
    .lt(0.9)
    .default(0.15)
    .describe('Share of queries that judge a model and never train it.'),
  STANDBY_HOURS: z.coerce.number().min(0).default(72).describe('How long a replaced collection can be rolled back to.'),
  PLUGIN_FOLDER: z.string().min(1).optional().describe('Modules with plugins, loaded at the start of every process.'),
  PLUGIN_PACKAGES: z.string().default('').describe('Installed packages with plugins, separated by commas.'),
  TRAINING_THREADS: Count.default(2),
  EXECUTION_PROVIDERS: z.string().default('cpu').describe('Tried in order, e.g. cuda,cpu.'),
  INFER_TIMEOUT_MS: Count.default(30_000),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});
export type StudioSettings = z.infer<typeof studioFragment>;

/** Parses once at boot; SETTINGS_INVALID lists every fault. */
export function parseSettings<S extends z.ZodType>(
  schema: S,
  environment: Record<string, string | undefined>,
): z.infer<S> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new StudioError('SETTINGS_INVALID', `Settings cannot be used:\n${faults.join('\n')}`);
}
