import { parseSettings, studioFragment } from '@embedding-studio/composition/settings';
import { metricsPortFragment, telemetryFragment } from '@embedding-studio/composition/telemetry-settings';
import { StudioError, type WorkerRole, workerRoles } from '@embedding-studio/contracts';
import { z } from 'zod';

export const workersFragment = z.object({
  SWEEP_INTERVAL_MS: z.coerce
    .number()
    .int()
    .min(50)
    .default(1_000)
    .describe('How often tasks are looked for that the queue does not know.'),
  SHUTDOWN_GRACE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(8_000)
    .describe('Time for running jobs to stop at a checkpoint.'),
  HEALTH_HOST: z.string().min(1).default('127.0.0.1').describe('Where the probes of HEALTH_PORT are answered.'),
  HEALTH_PORT: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe('Answers /health/live and /health/ready, for probes of containers; unset: nothing listens.'),
});
const schema = z.object({
  ...studioFragment.shape,
  ...telemetryFragment.shape,
  ...metricsPortFragment.shape,
  ...workersFragment.shape,
});
export type WorkersSettings = z.infer<typeof schema>;

export function readSettings(): WorkersSettings {
  return parseSettings(schema, process.env);
}

/** `--roles all` or `--roles upsertion,inference`; all without the option. */
export function readRoles(args: readonly string[]): WorkerRole[] {
  const place = args.findIndex((arg) => arg === '--roles' || arg.startsWith('--roles='));
  const given = place === -1 ? 'all' : (args[place]?.split('=')[1] ?? args[place + 1] ?? '');
  if (given === 'all') return [...workerRoles];
  const names = given.split(',').map((name) => name.trim());
  return names.map((name) => {
    const role = workerRoles.find((known) => known === name);
    if (role !== undefined) return role;
    throw new StudioError(
      'SETTINGS_INVALID',
      `--roles: ${name || '(nothing)'} is not one of ${workerRoles.join(', ')}.`,
    );
  });
}
