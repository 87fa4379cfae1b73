import type { AnyPlugin, PluginRegistry } from '@embedding-studio/contracts';
import { createHostGuard, createLoaders } from '@embedding-studio/integrations/sources';
import { builtInPlugins } from '@embedding-studio/plugins/built-ins';
import { openPluginRegistry } from '@embedding-studio/plugins/registry';
import { recordLog } from '../record-log.ts';

/** All built-in plugins, with loaders that may read below `folders` and ask this machine. */
export function openTestPlugins({ folders }: { folders: readonly string[] }): Promise<PluginRegistry> {
  const loaders = createLoaders({ guard: createHostGuard({ allowed: ['127.0.0.1'] }), folders }) as AnyPlugin[];
  const clock = { now: () => new Date() };
  return openPluginRegistry({ builtIns: [...builtInPlugins, ...loaders], clock, log: recordLog().log });
}
