export { checkPlugin } from './check-plugin.ts';
export { packageMark } from './find-modules.ts';
export { type PluginKit, pluginKit } from './load-modules.ts';
export { openPluginRegistry, type RegistryOptions } from './open-registry.ts';
