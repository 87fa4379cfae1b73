import { objectStoreFaults, objectStoreFragment } from '@embedding-studio/composition/settings';
import { ProjectList } from '@embedding-studio/contracts';
import { z } from 'zod';

export const sourceNames = ['npm', 'debian', 'pypi', 'hub', 'download', 'go'] as const;
/** A place from which something may be fetched. */
export type SourceName = (typeof sourceNames)[number];

const weakSecrets = [
  'password',
  'postgres',
  'studio',
  'minioadmin',
  'changeme',
  'change-me',
  'secret',
  'admin',
  'guest',
];

function url(protocols: string[]): z.ZodType<string> {
  return z.string().superRefine((value, check) => {
    const parsed = URL.canParse(value) ? new URL(value) : null;
    if (parsed === null) check.addIssue(`is not a URL (expected ${protocols[0]}//host:port/…)`);
    else if (!protocols.includes(parsed.protocol)) check.addIssue(`must start with ${protocols.join(' or ')}//`);
  });
}

const sources = z
  .string()
  .default(sourceNames.join(','))
  .transform((value, check) => {
    const names = value.split(',').map((name) => name.trim());
    const unknown = names.filter((name) => !sourceNames.some((known) => known === name));
    if (unknown.length > 0) check.addIssue(`knows ${sourceNames.join(', ')}, not ${unknown.join(', ')}`);
    return sourceNames.filter((name) => names.includes(name));
  });

/** Where each service is, when it is not ours to start. */
export const serviceFragment = z.object({
  DATABASE_URL: url(['postgres:', 'postgresql:'])
    .optional()
    .describe('PostgreSQL 15 or newer with pgvector 0.8 or newer.'),
  MONGODB_URL: url(['mongodb:', 'mongodb+srv:']).optional().describe('MongoDB 6 or newer.'),
  REDIS_URL: url(['redis:', 'rediss:']).optional().describe('Redis 7 or Valkey 8, append-only file on, noeviction.'),
  QUEUE_BACKEND: z
    .enum(['redis', 'postgres'])
    .optional()
    .describe('Unset: redis where a redis-server can be had, else postgres.'),
  TRITON_URL: url(['http:', 'https:']).optional().describe('A KServe v2 model server, such as NVIDIA Triton.'),
  TRITON_GRPC_URL: url(['grpc:', 'grpcs:'])
    .optional()
    .describe('The same server over gRPC, such as grpc://triton:8001; unset: HTTP at TRITON_URL. docs/triton.md'),
  MODEL_REPOSITORY_FOLDER: z
    .string()
    .min(1)
    .optional()
    .describe('Needed with TRITON_URL: its repository, seen from here.'),
  TRITON_METRICS_URL: url(['http:', 'https:'])
    .optional()
    .describe("Triton's metrics, such as http://triton:8002/metrics: `./studio doctor` tells them."),
  ...objectStoreFragment.shape,
  MLFLOW_TRACKING_URI: url(['http:', 'https:'])
    .optional()
    .describe('An MLflow server that serves artefacts; unset: the built-in tracker.'),
});

export const runFragment = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('production refuses defaults.'),
  STUDIO_SOURCES: sources.describe('What may be fetched from: npm,debian is the closed-network path.'),
  STUDIO_FOLDER: z.string().min(1).optional().describe('Folder of all state; unset: .studio in the repository.'),
  PROJECTS: ProjectList.optional().describe('Data spaces, by commas; unset: one, named default. See docs/projects.md.'),
  GATEWAY_PORT: z.coerce.number().int().min(1).max(65535).optional().describe('Unset: 8300, or a free port.'),
  CONSOLE_PORT: z.coerce.number().int().min(1).max(65535).optional().describe('Unset: 8301, or a free port.'),
  MODEL_SERVER_THREADS: z.coerce.number().int().min(1).max(256).optional().describe('Unset: one for each core.'),
  START_TIMEOUT_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3600)
    .default(120)
    .describe('For one service to get ready.'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

export const environmentSchema = z.object({ ...serviceFragment.shape, ...runFragment.shape });
export type Settings = z.infer<typeof environmentSchema>;

const productionUrls = ['DATABASE_URL', 'MONGODB_URL'] as const;

function fault(check: z.RefinementCtx, name: string, message: string): void {
  check.addIssue({ code: 'custom', path: [name], message });
}

function passwordOf(value: string): string | null {
  return URL.canParse(value) ? decodeURIComponent(new URL(value).password) : null;
}

/** Faults that only show between variables, so they are found even where a single one is already faulty. */
function checkTogether(settings: Partial<Settings>, check: z.RefinementCtx): void {
  if (settings.TRITON_URL !== undefined && settings.MODEL_REPOSITORY_FOLDER === undefined)
    fault(check, 'MODEL_REPOSITORY_FOLDER', 'is needed with TRITON_URL');
  if (settings.TRITON_GRPC_URL !== undefined && settings.TRITON_URL === undefined)
    fault(check, 'TRITON_URL', 'is needed with TRITON_GRPC_URL');
  for (const { name, message } of objectStoreFaults(settings)) fault(check, name, message);
  if (settings.QUEUE_BACKEND === 'postgres' && settings.REDIS_URL !== undefined)
    fault(check, 'QUEUE_BACKEND', 'is postgres although REDIS_URL is set: give one of them');
}

function checkProduction(settings: Partial<Settings>, check: z.RefinementCtx): void {
  for (const name of productionUrls)
    if (settings[name] === undefined)
      fault(check, name, 'is needed in production: the embedded service is for one machine');
  if (settings.REDIS_URL === undefined && settings.QUEUE_BACKEND !== 'postgres')
    fault(check, 'REDIS_URL', 'is needed in production, or QUEUE_BACKEND=postgres');
  for (const name of [...productionUrls, 'REDIS_URL'] as const) {
    const password = passwordOf(settings[name] ?? '');
    if (password === '') fault(check, name, 'has no password');
    else if (password !== null && isWeak(password))
      fault(check, name, 'has a default or short password (12 characters or more)');
  }
  if (settings.S3_SECRET_ACCESS_KEY !== undefined && isWeak(settings.S3_SECRET_ACCESS_KEY))
    fault(check, 'S3_SECRET_ACCESS_KEY', 'is a default or short secret (12 characters or more)');
}

function isWeak(secret: string): boolean {
  return secret.length < 12 || weakSecrets.includes(secret.toLowerCase());
}

/** The schema that parses the environment and names every fault, also those between variables. */
export function settingsOf(production: boolean): z.ZodType<Settings> {
  return z.looseObject({}).transform((raw, check) => {
    const parsed = environmentSchema.safeParse(raw);
    const settings: Partial<Settings> = parsed.success ? parsed.data : raw;
    if (!parsed.success) for (const issue of parsed.error.issues) fault(check, issue.path.join('.'), issue.message);
    checkTogether(settings, check);
    if (production) checkProduction(settings, check);
    return parsed.success ? parsed.data : z.NEVER;
  });
}
