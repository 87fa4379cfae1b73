import type { CoreDeps } from '@embedding-studio/core';

/** Ports whose calls leave something behind. */
const ports = [
  'items',
  'collections',
  'models',
  'tasks',
  'rollouts',
  'objects',
  'modelServer',
  'tracker',
  'trainer',
  'audit',
];
const effects =
  /^(create|update|upsert|put|delete|drop|build|switch|advance|request|settle|save|install|load|train|record|end|register)/;

export interface CrashPoints {
  deps: CoreDeps;
  /** Every distinct `task.port.method.before|after` passed so far, in order. */
  passed: string[];
}

/**
 * Calls `onPoint` before and after every effect on a port. What it throws (or a process that it kills) is a crash at
 * exactly that place. `taskOf` names the running task for the point.
 */
export function withCrashPoints(deps: CoreDeps, options: { onPoint: (point: string) => void }): CrashPoints {
  const passed: string[] = [];
  let kind = 'idle';
  const pass = (point: string): void => {
    if (!passed.includes(point)) passed.push(point);
    options.onPoint(point);
  };
  const wrapPort = (name: string, port: object): object =>
    new Proxy(port, {
      get(target, key) {
        const method = Reflect.get(target, key);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          const isEffect = effects.test(String(key));
          const point = `${kind}.${name}.${String(key)}`;
          if (isEffect) pass(`${point}.before`);
          const result = await method.apply(target, args);
          if (key === 'claimTask' && result !== null) kind = result.kind;
          if (isEffect) pass(`${point}.after`);
          return result;
        };
      },
    });
  const wrapped = ports.map((name) => [name, wrapPort(name, deps[name as keyof CoreDeps] as object)]);
  return { deps: { ...deps, ...Object.fromEntries(wrapped) }, passed };
}
