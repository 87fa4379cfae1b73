import { StudioError } from '@embedding-studio/contracts';
import type { z } from 'zod';
import { type Settings, settingsOf } from './settings-schema.ts';

export type { Settings } from './settings-schema.ts';

/** The one place of this app that reads the process environment. Throws SETTINGS_INVALID listing every fault. */
export function readSettings(): Settings {
  return parseSettings(process.env);
}

/** What a child process inherits, with `extra` laid over it; an undefined value removes the variable. */
export function childEnvironment(extra: Record<string, string | undefined> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...extra };
}

export function parseSettings(variables: Record<string, string | undefined>): Settings {
  // An empty variable is what compose files and shells make of an unset one.
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = settingsOf(given.NODE_ENV === 'production').safeParse(given);
  if (parsed.success) return parsed.data;
  throw new StudioError('SETTINGS_INVALID', `Settings cannot be used:\n${describeFaults(parsed.error)}`);
}

function describeFaults(error: z.ZodError): string {
  return error.issues.map((issue) => `  ${issue.path.join('.') || 'environment'}: ${issue.message}`).join('\n');
}
