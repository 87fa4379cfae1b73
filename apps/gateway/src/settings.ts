import { parseSettings, studioFragment } from '@embedding-studio/composition';
import { z } from 'zod';

export const gatewayFragment = z.object({
  GATEWAY_HOST: z.string().min(1).default('127.0.0.1'),
  GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(0).describe('0 picks a free port.'),
  BODY_BYTES_MAX: z.coerce
    .number()
    .int()
    .positive()
    .default(8 * 1024 * 1024)
    .describe('Larger request bodies are refused.'),
  REQUEST_TIMEOUT_MS: z.coerce.number().int().positive().default(30_000),
});
const schema = z.object({ ...studioFragment.shape, ...gatewayFragment.shape });
export type GatewaySettings = z.infer<typeof schema>;

export function readSettings(): GatewaySettings {
  return parseSettings(schema, process.env);
}
