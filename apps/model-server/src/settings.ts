import { parseSettings } from '@embedding-studio/composition/settings';
import { metricsPortFragment, telemetryFragment } from '@embedding-studio/composition/telemetry-settings';
import { z } from 'zod';

const schema = z.object({ ...telemetryFragment.shape, ...metricsPortFragment.shape });
export type ModelServerSettings = z.infer<typeof schema>;

/** Of what the process tells about itself; how it serves models is said by its options. */
export function readSettings(): ModelServerSettings {
  return parseSettings(schema, process.env);
}
