import type { PluginRegistry, SearchPluginStep, SearchPlugins } from '@embedding-studio/contracts';

/** Stands where a secret was; sent back, it keeps the secret that is stored. */
export const hiddenSecret = '••••••';

/** The chain as it may be shown: config keys whose schema says `secret` have no value. */
export function hideSecrets(chain: SearchPlugins, plugins: PluginRegistry): SearchPlugins {
  const secrets = secretKeys(plugins);
  const hide = (step: SearchPluginStep): SearchPluginStep => {
    const config = { ...step.config };
    for (const key of secrets.get(step.id) ?? []) if (key in config) config[key] = hiddenSecret;
    return { ...step, config };
  };
  return { queryProcessors: chain.queryProcessors.map(hide), rankers: chain.rankers.map(hide) };
}

/** Puts stored secrets back where the new chain has only their stand-ins. */
export function keepSecrets(chain: SearchPlugins, stored: SearchPlugins): SearchPlugins {
  const before = new Map([...stored.queryProcessors, ...stored.rankers].map((step) => [step.id, step.config]));
  const keep = (step: SearchPluginStep): SearchPluginStep => {
    const values = Object.entries(step.config).map(([key, value]) => {
      return [key, value === hiddenSecret ? before.get(step.id)?.[key] : value] as const;
    });
    return { ...step, config: Object.fromEntries(values.filter(([, value]) => value !== undefined)) };
  };
  return { queryProcessors: chain.queryProcessors.map(keep), rankers: chain.rankers.map(keep) };
}

function secretKeys(plugins: PluginRegistry): Map<string, string[]> {
  return new Map(
    plugins.listPlugins().flatMap(({ id, configSchema }) => {
      const properties = Object.entries((configSchema?.properties ?? {}) as Record<string, { secret?: boolean }>);
      return id === null ? [] : [[id, properties.flatMap(([key, said]) => (said.secret === true ? [key] : []))]];
    }),
  );
}
