import type { CoreDeps } from '@embedding-studio/core';

const ports = [
  'items',
  'collections',
  'models',
  'dataSources',
  'tasks',
  'rollouts',
  'sessions',
  'objects',
  'modelServer',
  'tracker',
  'trainer',
  'audit',
  'encoder',
  'experiments',
] as const;
/** Calls that leave something behind; all others only read. */
const effects =
  /^(create|update|replace|upsert|put|delete|drop|build|switch|move|advance|request|settle|save|install|load|train|record|end|register|release|claim)/;

/** Thrown by a process that is dead, and by nothing else. */
export class CrashError extends Error {
  override readonly name = 'CrashError';
}

export interface CrashPoints {
  deps: CoreDeps;
  /** Every distinct point passed so far, in order. */
  passed: string[];
  isDead(): boolean;
}

/**
 * Calls `shouldDie` after every effect on a port with the point's name, `<task kind>.<port>.<method>`. Where it says
 * so the process is dead from then on: that call and every later one throws, whatever would catch it.
 */
export function withCrashPoints(deps: CoreDeps, options: { shouldDie: (point: string) => boolean }): CrashPoints {
  const passed: string[] = [];
  let kind = 'idle';
  let isDead = false;
  const pass = (point: string): void => {
    if (!passed.includes(point)) passed.push(point);
    isDead ||= options.shouldDie(point);
    if (isDead) throw new CrashError(point);
  };
  const wrap = (name: string, port: object): object =>
    new Proxy(port, {
      get(target, key) {
        const method = Reflect.get(target, key);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          if (isDead) throw new CrashError('The process is dead.');
          const result = await method.apply(target, args);
          // The daily sweep runs beside the loop, and is no step of it.
          if (key === 'claimTask' && result !== null && result.kind !== 'retention') kind = result.kind;
          if (effects.test(String(key))) pass(`${kind}.${name}.${String(key)}`);
          return result;
        };
      },
    });
  const wrapped = Object.fromEntries(ports.map((name) => [name, wrap(name, deps[name])]));
  return { deps: { ...deps, ...wrapped }, passed, isDead: () => isDead };
}
