import {
  type PluginRegistry,
  type SearchPluginStep,
  type SearchPlugins,
  StudioError,
} from '@embedding-studio/contracts';
import { z } from 'zod';
import type { Ctx } from '../context.ts';
import { openSecret, sealSecret } from '../data-source/seal-secret.ts';

/** Stands where a secret was; sent back, it keeps the secret that is stored. */
export const hiddenSecret = '••••••';

/** How a secret is stored in a config. */
const Sealed = z.strictObject({ $sealed: z.string() });

function changeConfigs(
  chain: SearchPlugins,
  change: (step: SearchPluginStep) => Record<string, unknown>,
): SearchPlugins {
  const withChange = (step: SearchPluginStep) => ({ ...step, config: change(step) });
  const { queryProcessors, rankers, vectorAdjuster } = chain;
  return {
    queryProcessors: queryProcessors.map(withChange),
    rankers: rankers.map(withChange),
    ...(vectorAdjuster && { vectorAdjuster: withChange(vectorAdjuster) }),
  };
}

/** The chain as it may be shown. */
export function hideSecrets(chain: SearchPlugins): SearchPlugins {
  const hide = (value: unknown) => (Sealed.safeParse(value).success ? hiddenSecret : value);
  return changeConfigs(chain, ({ config }) => mapValues(config, (_key, value) => hide(value)));
}

/** The chain as it is stored: what a plugin's schema marks as secret is encrypted; hidden secrets keep their old value. */
export function sealSecrets(ctx: Ctx, chain: SearchPlugins, stored: SearchPlugins): SearchPlugins {
  const secrets = secretKeys(ctx.deps.plugins);
  const before = new Map(stepsOf(stored).map((step) => [step.id, step.config]));
  return changeConfigs(chain, ({ id, config }) =>
    mapValues(config, (key, value) => {
      if (secrets.get(id)?.has(key) !== true || typeof value !== 'string') return value;
      if (value === hiddenSecret) return before.get(id)?.[key];
      return { $sealed: sealSecret(value, { secretsKey: keyOf(ctx, key), context: contextOf(id, key) }) };
    }),
  );
}

function stepsOf({ queryProcessors, rankers, vectorAdjuster }: SearchPlugins): SearchPluginStep[] {
  return [...queryProcessors, ...rankers, ...(vectorAdjuster === undefined ? [] : [vectorAdjuster])];
}

/** The config as the plugin is to have it. @throws StudioError SETTINGS_INVALID for a secret that cannot be opened */
export function openConfig(ctx: Ctx, { id, config }: SearchPluginStep): Record<string, unknown> {
  return mapValues(config, (key, value) => {
    const sealed = Sealed.safeParse(value);
    if (!sealed.success) return value;
    return openSecret(sealed.data.$sealed, { secretsKey: keyOf(ctx, key), context: contextOf(id, key) });
  });
}

/** A secret belongs to a plugin, not to a collection: chains are copied from one to the next. */
function contextOf(pluginId: string, key: string): string {
  return `search-plugin/${pluginId}/${key}`;
}

function keyOf(ctx: Ctx, key: string): string {
  const { secretsKey } = ctx.deps.settings;
  if (secretsKey !== null) return secretsKey;
  throw new StudioError('INPUT_INVALID', `${key}: secrets cannot be stored without SECRETS_KEY`, { field: key });
}

function secretKeys(plugins: PluginRegistry): Map<string, Set<string>> {
  return new Map(
    plugins.listPlugins().flatMap(({ id, configSchema }) => {
      const properties = Object.entries((configSchema?.properties ?? {}) as Record<string, { secret?: boolean }>);
      const marked = properties.flatMap(([key, said]) => (said.secret === true ? [key] : []));
      return id === null ? [] : [[id, new Set(marked)] as const];
    }),
  );
}

/** Values that become undefined are left out. */
function mapValues(
  config: Record<string, unknown>,
  change: (key: string, value: unknown) => unknown,
): Record<string, unknown> {
  const entries = Object.entries(config).map(([key, value]) => [key, change(key, value)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
