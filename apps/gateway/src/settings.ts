import { parseSettings, studioFragment } from '@embedding-studio/composition/settings';
import { telemetryFragment } from '@embedding-studio/composition/telemetry-settings';
import { z } from 'zod';

const List = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((part) => part.trim()))
  .transform((parts) => parts.filter((part) => part !== ''));

export const gatewayFragment = z.object({
  GATEWAY_HOST: z.string().min(1).default('127.0.0.1'),
  GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(0).describe('0 picks a free port.'),
  BODY_BYTES_MAX: z.coerce
    .number()
    .int()
    .positive()
    .default(8 * 1024 * 1024)
    .describe('Larger request bodies are refused.'),
  JSON_DEPTH_MAX: z.coerce
    .number()
    .int()
    .min(8)
    .max(1_000)
    .default(32)
    .describe('Request bodies nested deeper are refused.'),
  REQUEST_TIMEOUT_MS: z.coerce.number().int().positive().default(30_000),
  KEY_REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(0)
    .default(60_000)
    .describe('For keys without a limit of their own; 0: no limit.'),
  FAILED_KEYS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(0)
    .default(60)
    .describe('Requests without a valid key per address before they are refused with 429; 0: no limit.'),
  TRUSTED_PROXIES: List.describe(
    'Addresses or CIDR ranges of proxies whose X-Forwarded-For is believed, separated by commas.',
  ),
  SPOOL_FOLDER: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Where sessions and clicks wait while MongoDB is away; must outlive the process. Unset: spool in WORK_FOLDER.',
    ),
  SPOOL_MEGABYTES: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(128)
    .describe('Most that they may take of the disk, for each project; 0: they are refused while MongoDB is away.'),
  CORS_ORIGINS: List.describe('Origins whose pages may call this gateway, separated by commas; none if empty.'),
});
const schema = z.object({ ...studioFragment.shape, ...telemetryFragment.shape, ...gatewayFragment.shape });
export type GatewaySettings = z.infer<typeof schema>;

export function readSettings(): GatewaySettings {
  return parseSettings(schema, process.env);
}

/** All that the schema's migration needs. */
const migrationSchema = studioFragment.pick({ DATABASE_URL: true, PROJECTS: true, LOG_LEVEL: true });

export function readMigrationSettings(): z.infer<typeof migrationSchema> {
  return parseSettings(migrationSchema, process.env);
}
