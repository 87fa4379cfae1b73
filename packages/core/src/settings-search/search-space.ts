import {
  type FineTuningMethod,
  isStudioError,
  SettingRange,
  type SettingsSearch,
  StudioError,
} from '@embedding-studio/contracts';
import type { SearchSpace } from '@embedding-studio/stats';
import type { Ctx } from '../context.ts';

type Settings = Record<string, unknown>;

/** What the schema of a method names as worth searching: the metadata `search` of its settings. */
export function deriveSpace(ctx: Ctx, methodName: string): Record<string, SettingRange> {
  const listing = ctx.deps.plugins
    .listPlugins()
    .find(({ id, kind }) => kind === 'fine-tuning-method' && id === methodName);
  const properties = (listing?.configSchema?.properties ?? {}) as Record<string, { search?: unknown }>;
  const found = Object.entries(properties).flatMap(([name, { search }]) => {
    const range = SettingRange.safeParse(search);
    return range.success ? [[name, range.data] as const] : [];
  });
  return Object.fromEntries(found);
}

/**
 * The space of a search, checked at both ends of every range.
 * @throws StudioError INPUT_INVALID naming the setting that the method would refuse.
 */
export function resolveSpace(
  ctx: Ctx,
  asked: { method: FineTuningMethod; settings: Settings; search: SettingsSearch },
): SearchSpace {
  const { method, settings, search } = asked;
  const { adapter, tiers } = method.parseSettings(settings);
  if (adapter !== undefined || tiers !== undefined)
    throw invalid('search', `Settings are searched for methods that train the encoder alone; ${method.name} is none.`);
  const space = search.space ?? deriveSpace(ctx, method.name);
  if (Object.keys(space).length === 0)
    throw invalid('search.space', `The method ${method.name} names no setting that is worth searching; give ranges.`);
  for (const [name, range] of Object.entries(space)) {
    const field = `search.space.${name}`;
    if ('from' in range && !(range.from < range.to)) throw invalid(field, `${name}: from must be less than to.`);
    if ('from' in range && range.scale === 'log' && range.from <= 0)
      throw invalid(field, `${name}: a logarithmic range begins above 0.`);
    const ends = 'from' in range ? [range.from, range.to] : range.values;
    for (const value of ends) refuse(method, mergeSettings(settings, { [name]: value }), field);
  }
  return space;
}

function refuse(method: FineTuningMethod, settings: Settings, field: string): void {
  try {
    method.parseSettings(settings);
  } catch (error) {
    if (!isStudioError(error)) throw error;
    throw invalid(field, `${field}: ${error.publicMessage}`);
  }
}

/** A dotted name reaches into a setting that is an object. */
export function mergeSettings(settings: Settings, point: Settings): Settings {
  const merged: Settings = { ...settings };
  for (const [name, value] of Object.entries(point)) {
    const [key = '', ...rest] = name.split('.');
    const inner = merged[key];
    merged[key] = rest.length === 0 ? value : mergeSettings(isObject(inner) ? inner : {}, { [rest.join('.')]: value });
  }
  return merged;
}

const isObject = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (field: string, message: string) => new StudioError('INPUT_INVALID', message, { field });
