import { ProjectList, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';

const Names = z
  .string()
  .default('')
  .transform((list) => list.split(',').flatMap((name) => name.trim() || []));
const DatabaseUrl = z.url({ protocol: /^postgres(ql)?$/ });
const DatabaseUrls = Names.transform((urls, check) => {
  urls.forEach((url, at) => {
    if (!DatabaseUrl.safeParse(url).success) check.addIssue(`address ${at + 1} is not postgres://host:port/database`);
  });
  return urls;
});
const SecretMap = z
  .string()
  .default('{}')
  .transform((json, check) => {
    try {
      const parsed = z.record(z.string(), z.string()).safeParse(JSON.parse(json));
      if (parsed.success) return parsed.data;
    } catch {
      // Not even JSON: told below, without the value.
    }
    check.addIssue('must be a JSON object of texts');
    return z.NEVER;
  });
const Days = z.coerce.number().int().min(0).max(36_500);
const Count = z.coerce.number().int().positive();

/** MLflow's own names, so that what a team has set up is used as it is. */
export const trackingFragment = z.object({
  MLFLOW_TRACKING_URI: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('An MLflow server that serves artefacts; unset: the built-in tracker.'),
  MLFLOW_TRACKING_TOKEN: z.string().min(1).optional().describe('Bearer token of the MLflow server.'),
  MLFLOW_TRACKING_USERNAME: z.string().min(1).optional().describe('Basic authentication at the MLflow server.'),
  MLFLOW_TRACKING_PASSWORD: z.string().min(1).optional().describe('Needed with MLFLOW_TRACKING_USERNAME.'),
  MLFLOW_PREFIX: z
    .string()
    .regex(/^[^/:'"]*$/)
    .default('')
    .describe('Before the names of our experiments and models, where others use the server too.'),
});

const bucketPattern = /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/i;
const prefixPattern = /^(?:[A-Za-z0-9_][A-Za-z0-9._=@+-]*(?:\/|$))*$/;

/** Objects in a bucket in place of a folder. */
export const objectStoreFragment = z.object({
  S3_BUCKET: z
    .string()
    .regex(bucketPattern)
    .optional()
    .describe(
      'Objects lie in this bucket of S3, MinIO or a store like them; unset: in GCS_BUCKET or OBJECTS_FOLDER. docs/s3.md',
    ),
  S3_ACCESS_KEY_ID: z.string().min(1).optional().describe('Needed with S3_BUCKET.'),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional().describe('Needed with S3_BUCKET.'),
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Address of the store; unset: Amazon's in S3_REGION."),
  S3_REGION: z.string().min(1).default('us-east-1'),
  S3_PREFIX: z
    .string()
    .max(200)
    .regex(prefixPattern)
    .default('')
    .describe('Before every key, where others use the bucket too.'),
  S3_PATH_STYLE: z
    .enum(['on', 'off'])
    .default('on')
    .describe('on: the bucket stands in the path; off: in the host name.'),
  S3_TIMEOUT_MS: Count.default(30_000).describe('Longest silence of the store.'),
  GCS_BUCKET: z
    .string()
    .regex(bucketPattern)
    .optional()
    .describe('Objects lie in this bucket of Google Cloud Storage, by its own API; not beside S3_BUCKET. docs/s3.md'),
  GCS_SERVICE_ACCOUNT: z
    .string()
    .min(1)
    .optional()
    .describe("JSON of a service account's key; unset: the account of the machine or the pod."),
  GCS_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .default('https://storage.googleapis.com')
    .describe('Another host than one of Google is an emulator, asked without credentials.'),
  GCS_PREFIX: z
    .string()
    .max(200)
    .regex(prefixPattern)
    .default('')
    .describe('Before every key, where others use the bucket too.'),
  GCS_TIMEOUT_MS: Count.default(30_000).describe('Longest silence of Google Cloud Storage.'),
});
export type ObjectStoreSettings = z.infer<typeof objectStoreFragment>;

/** Settings of buckets that are missing although others are given, or too many; each with why. */
export function objectStoreFaults(settings: Partial<ObjectStoreSettings>): { name: string; message: string }[] {
  const needed = ['S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;
  const given = [...needed, 'S3_ENDPOINT' as const].filter((name) => settings[name] !== undefined);
  const missing = given.length === 0 ? [] : needed.filter((name) => settings[name] === undefined);
  const { GCS_BUCKET, GCS_SERVICE_ACCOUNT } = settings;
  return [
    ...missing.map((name) => ({ name, message: `is needed with ${given.join(', ')}` })),
    ...(GCS_SERVICE_ACCOUNT !== undefined && GCS_BUCKET === undefined
      ? [{ name: 'GCS_BUCKET', message: 'is needed with GCS_SERVICE_ACCOUNT' }]
      : []),
    ...(GCS_BUCKET !== undefined && given.length > 0
      ? [{ name: 'GCS_BUCKET', message: `is set although ${given.join(', ')} is too: give one of them` }]
      : []),
  ];
}

/** How Triton serves what is installed from now on; of these the embedded model server knows the memory alone. */
export const tritonFragment = z.object({
  TRITON_BATCH_ROWS_MAX: Count.default(64).describe(
    'Rows of one run on Triton; at least EMBED_BATCH_TEXTS. docs/triton.md',
  ),
  TRITON_QUEUE_DELAY_MICROSECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(500)
    .describe('How long Triton waits for more requests to share a run.'),
  TRITON_QUEUE_REQUESTS_MAX: Count.default(1_000).describe('Requests that wait for a model; more are refused.'),
  TRITON_INSTANCES: Count.default(1).describe('Copies of each model, on every device.'),
  TRITON_DEVICE: z.enum(['auto', 'cpu', 'gpu']).default('auto').describe('auto: GPUs where Triton has some.'),
  TRITON_TENSORRT: z
    .enum(['off', 'fp32', 'fp16'])
    .default('off')
    .describe('Precision of TensorRT inside ONNX Runtime, on GPUs.'),
  MODEL_MEMORY_MEGABYTES: Count.optional().describe(
    'Most that all loaded models may take, by estimate; a load beyond it is refused. Unset: not looked at.',
  ),
  TRITON_WARM_UP: z.enum(['on', 'off']).default('on').describe('Run samples before a model counts as ready.'),
});

/** Where the services are and how the core behaves; every process of the product is started with these. */
export const studioFragment = z.object({
  DATABASE_URL: DatabaseUrl.describe('PostgreSQL with pgvector 0.8 or newer.'),
  DATABASE_POOL_MAX: Count.default(10).describe(
    'Connections of this process for each project; its searches may open as many again.',
  ),
  DATABASE_REPLICA_URLS: DatabaseUrls.describe(
    'Streaming standbys of DATABASE_URL that searches are read from, by commas; unset: none. docs/scaling.md',
  ),
  DATABASE_REPLICA_LAG_MS: Count.default(5_000).describe('A standby that is further behind is not read.'),
  DATABASE_REPLICA_TIMEOUT_MS: Count.default(5_000).describe(
    'Longest that a search may take at a standby before the primary is asked.',
  ),
  INDEX_BUILD_MEGABYTES: Count.max(1_000_000)
    .default(256)
    .describe(
      'Memory of one build of a vector index, at PostgreSQL; one that does not fit takes far longer. docs/scaling.md',
    ),
  PROJECTS: ProjectList.prefault('default').describe('Data spaces, by commas; the first is the one at DATABASE_URL.'),
  MONGODB_URL: z.string().startsWith('mongodb').describe('Sessions, tasks and rollouts.'),
  MONGODB_DATABASE: z.string().min(1).default('embedding_studio'),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe('Queue; without it the queue lives in Postgres.'),
  TRITON_URL: z.url().describe('KServe v2 model server: the embedded one or Triton.'),
  TRITON_GRPC_URL: z
    .url({ protocol: /^grpcs?$/ })
    .optional()
    .describe('The same server over gRPC, such as grpc://triton:8001; unset: HTTP at TRITON_URL. docs/triton.md'),
  MODEL_REPOSITORY_FOLDER: z.string().min(1).describe("The model server's repository, as seen from this process."),
  ...tritonFragment.shape,
  ...trackingFragment.shape,
  ...objectStoreFragment.shape,
  OBJECTS_FOLDER: z
    .string()
    .min(1)
    .optional()
    .describe('Model artefacts and other objects. Required where neither S3_BUCKET nor GCS_BUCKET is set.'),
  WORK_FOLDER: z.string().min(1).describe('Scratch space; may be emptied between runs, but for its folder spool.'),
  PART_WORDS_MAX: Count.default(80).describe('Words per embedded part of an item.'),
  PARTS_MAX: Count.default(3).describe('Parts embedded per item.'),
  EMBED_BATCH_TEXTS: Count.default(16).describe('Texts per request to the model server.'),
  QUERY_DEADLINE_MS: Count.default(3_000).describe('Longest wait for the vector of a query; then words alone answer.'),
  INGEST_ITEMS_PER_SECOND: Count.optional().describe('Most items per second that one ingest task writes.'),
  SECRETS_KEY: z
    .string()
    .min(32)
    .optional()
    .describe('Encrypts the secrets of data sources. 32 characters or more; keep it: without it they are lost.'),
  SOURCE_SECRETS: SecretMap.describe('Secrets that data sources refer to by name, as JSON: {"shop-db": "…"}.'),
  SOURCE_FOLDERS: Names.describe('Folders below which data sources may read files, separated by commas.'),
  SOURCE_PRIVATE_HOSTS: Names.describe(
    'Private hosts that data sources may reach all the same: names, addresses or ranges (10.1.0.0/16), by commas.',
  ),
  HELD_OUT_SHARE: z.coerce
    .number()
    .gt(0)
    .lt(0.9)
    .default(0.15)
    .describe('Share of queries that judge a model and never train it.'),
  STANDBY_HOURS: z.coerce.number().min(0).default(72).describe('How long a replaced collection can be rolled back to.'),
  RETENTION_SESSIONS_DAYS: Days.default(400).describe(
    'Days that sessions and events are kept; 0: for ever. An administrator may decide otherwise while it runs.',
  ),
  RETENTION_TASKS_DAYS: Days.default(90).describe('Days that ended tasks are kept; 0: for ever.'),
  PLUGIN_FOLDER: z.string().min(1).optional().describe('Modules with plugins, loaded at the start of every process.'),
  PLUGIN_PACKAGES: z.string().default('').describe('Installed packages with plugins, separated by commas.'),
  TRAINING_THREADS: Count.default(2),
  SERVE_INT8: z
    .enum(['off', 'auto'])
    .default('off')
    .describe(
      'auto: serve new models in int8 where that is measured to be as good and twice as fast. docs/encoders.md',
    ),
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
