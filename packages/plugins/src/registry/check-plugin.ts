import { z } from 'zod';
import {
  type AnyPlugin,
  type PluginKind,
  pluginApiVersion,
  pluginIdPattern,
  pluginKinds,
  pluginNeeds,
  pluginVersionPattern,
  StudioError,
} from '../spec/index.ts';

const functionsOf: Record<PluginKind, readonly string[]> = {
  loader: ['testConnection', 'preview', 'read'],
  'text-processor': ['process'],
  'image-processor': ['process'],
  splitter: ['split'],
  'fine-tuning-method': [],
  'vector-adjuster': ['adjust'],
  'query-processor': ['process'],
  ranker: ['rank'],
};

const Facts = z.object({
  kind: z.enum(pluginKinds),
  id: z.string().max(100).regex(pluginIdPattern, 'must be lower-case words joined by dots or hyphens'),
  version: z.string().max(50).regex(pluginVersionPattern, 'must be major.minor.patch'),
  title: z.string().trim().min(1).max(100),
  description: z.string().trim().min(1).max(2_000),
  needs: z.array(z.enum(pluginNeeds)),
});

const Method = z.object({ specVersion: z.literal(1), name: z.string(), title: z.string().min(1) });

export interface CheckedPlugin {
  plugin: AnyPlugin;
  configSchema: Record<string, unknown>;
}

/**
 * Takes an exported value for a plugin if it is one.
 * @throws StudioError INPUT_INVALID with the first thing that is wrong.
 */
export function checkPlugin(value: unknown): CheckedPlugin {
  if (!isObject(value)) throw refusal('A plugin is an object', 'default');
  if (value.apiVersion !== pluginApiVersion)
    throw refusal(`apiVersion is ${String(value.apiVersion)}; this host speaks ${pluginApiVersion}`, 'apiVersion');
  const facts = Facts.safeParse(value);
  if (!facts.success) {
    const [issue] = facts.error.issues;
    const field = (issue?.path ?? []).map(String).join('.');
    throw refusal(`${field}: ${issue?.message ?? 'is not valid'}`, field);
  }
  for (const name of functionsOf[facts.data.kind])
    if (typeof value[name] !== 'function') throw refusal(`A ${facts.data.kind} needs a function ${name}`, name);
  if (facts.data.kind === 'fine-tuning-method') checkMethod(value, facts.data.id);
  const config = toConfigSchema(value.config);
  const plugin = config === value.config ? value : withConfig(value, config);
  return { plugin: plugin as unknown as AnyPlugin, configSchema: describeConfig(config) };
}

function checkMethod(value: Record<string, unknown>, id: string): void {
  const method = Method.safeParse(value.method);
  if (!method.success || !isObject(value.method)) throw refusal('method is not a fine-tuning method', 'method');
  if (method.data.name !== id) throw refusal(`method.name is ${method.data.name}; it must equal the id`, 'method.name');
  for (const name of ['parseSettings', 'selectExamples'])
    if (typeof value.method[name] !== 'function') throw refusal(`method needs a function ${name}`, `method.${name}`);
}

/** A zod schema as it is, of whatever copy of zod; a plain JSON Schema becomes one. */
function toConfigSchema(config: unknown): z.ZodType {
  if (!isObject(config)) throw refusal('config is neither a zod schema nor a JSON Schema', 'config');
  if ('_zod' in config && typeof config.safeParse === 'function') return config as unknown as z.ZodType;
  try {
    return z.fromJSONSchema(config as z.core.JSONSchema.JSONSchema);
  } catch (error) {
    throw refusal(`config is no JSON Schema that can be used: ${messageOf(error)}`, 'config', error);
  }
}

function describeConfig(config: z.ZodType): Record<string, unknown> {
  let described: Record<string, unknown>;
  try {
    described = z.toJSONSchema(config, { io: 'input' }) as Record<string, unknown>;
  } catch (error) {
    throw refusal(`config cannot be told as JSON Schema: ${messageOf(error)}`, 'config', error);
  }
  if (described.type !== 'object') throw refusal('config must be the schema of an object', 'config');
  return described;
}

/** Leaves the author's object alone; functions that use `this` still find what they need. */
function withConfig(plugin: object, config: z.ZodType): Record<string, unknown> {
  return Object.create(plugin, { config: { value: config, enumerable: true } });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function refusal(message: string, field: string, cause?: unknown): StudioError {
  return new StudioError('INPUT_INVALID', message, { field, cause });
}
