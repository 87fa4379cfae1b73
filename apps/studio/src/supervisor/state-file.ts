import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const identity = z.object({ pid: z.number().int(), started: z.string() });
const stateSchema = z.object({
  supervisor: identity,
  services: z.array(
    z.object({
      name: z.string(),
      identity,
      stopSignal: z.enum(['SIGTERM', 'SIGINT']),
      log: z.string(),
      restarts: z.number().int(),
      ready: z.boolean(),
    }),
  ),
  /** Addresses, some with passwords: the file is for its owner only. */
  urls: z.record(z.string(), z.string().nullable()),
});

/** What runs now: read by `down`, `doctor` and the next `up`. */
export type SupervisorState = z.infer<typeof stateSchema>;

export function readState(path: string): SupervisorState | null {
  if (!existsSync(path)) return null;
  try {
    return stateSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

export function writeState(path: string, state: SupervisorState): void {
  writeFileSync(`${path}.part`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.part`, path);
}

export function removeState(path: string): void {
  rmSync(path, { force: true });
}
