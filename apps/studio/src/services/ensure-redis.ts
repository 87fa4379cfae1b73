import { isStudioError } from '@embedding-studio/contracts';
import type { Machine } from './machine.ts';
import { findRedis, type RedisProgram } from './redis-instance.ts';

/** A redis-server on this machine, installed when that is allowed; null when there is none to be had. */
export async function ensureRedis(machine: Machine): Promise<RedisProgram | null> {
  const found = await findRedis(machine.searchPath);
  if (found !== null || machine.packages.refusal !== null) return found;
  try {
    await machine.packages.install(['redis-server']);
  } catch (error) {
    if (!isStudioError(error)) throw error;
    machine.progress.warn(`redis-server could not be installed: ${error.message.split('\n')[0]}`);
  }
  return findRedis(machine.searchPath);
}
