import { parseSettings } from '@embedding-studio/composition/settings';
import { telemetryFragment } from '@embedding-studio/composition/telemetry-settings';
import type { z } from 'zod';

export type ModelServerSettings = z.infer<typeof telemetryFragment>;

/** Of what the process tells about itself; how it serves models is said by its options. */
export function readSettings(): ModelServerSettings {
  return parseSettings(telemetryFragment, process.env);
}
