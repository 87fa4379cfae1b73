import { type DataSourceRecord, type Loader, SecretReference, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { Ctx } from '../context.ts';
import { readPath, withoutPath, withPath } from './nested-fields.ts';
import { openSecret, sealSecret } from './seal-secret.ts';

/** A config in its stored form: what everybody may see, and the secrets apart from it. */
export type StoredConfig = Pick<DataSourceRecord, 'config' | 'sealed' | 'references'>;

/** The loader of that id. @throws StudioError DATA_SOURCE_NOT_FOUND */
export function findLoader(ctx: Ctx, id: string): Loader {
  const loader = ctx.deps.plugins.findPlugin('loader', id);
  if (loader !== null) return loader;
  throw new StudioError('DATA_SOURCE_NOT_FOUND', `There is no loader ${id} here, or it is suspended.`, {
    field: 'loader',
  });
}

/** Takes the secrets out of a config as it was sent. Those left out keep what `previous` has for them. */
export function storeConfig(
  ctx: Ctx,
  input: { sourceId: string; loader: Loader; config: Record<string, unknown>; previous?: StoredConfig },
): StoredConfig {
  const stored: StoredConfig = { config: input.config, sealed: {}, references: {} };
  for (const field of secretFieldsOf(input.loader)) {
    const given = readPath(input.config, field);
    stored.config = withoutPath(stored.config, field);
    const reference = SecretReference.safeParse(given);
    if (reference.success) stored.references[field] = reference.data;
    else if (typeof given === 'string') stored.sealed[field] = seal(ctx, { ...input, field, secret: given });
    else if (given === undefined) keep(stored, field, input.previous);
    else if (given !== null) throw invalid(field, 'a secret is a text, or { "setting": name }');
  }
  parseConfig(ctx, { sourceId: input.sourceId, loader: input.loader, stored });
  return stored;
}

/** The whole config, secrets opened, as the loader wants it. @throws StudioError INPUT_INVALID naming the field */
export function parseConfig(ctx: Ctx, input: { sourceId: string; loader: Loader; stored: StoredConfig }): unknown {
  const { sourceId, loader, stored } = input;
  let config = stored.config;
  for (const [field, sealed] of Object.entries(stored.sealed))
    config = withPath(
      config,
      field,
      openSecret(sealed, { secretsKey: keyOf(ctx, field), context: `${sourceId}/${field}` }),
    );
  for (const [field, { setting }] of Object.entries(stored.references)) {
    const secret = Object.hasOwn(ctx.deps.settings.sourceSecrets, setting)
      ? ctx.deps.settings.sourceSecrets[setting]
      : undefined;
    if (secret === undefined) throw invalid(field, `the settings hold no secret ${setting} (SOURCE_SECRETS)`);
    config = withPath(config, field, secret);
  }
  const parsed = loader.config.safeParse(config);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = [...(issue?.path ?? []), ...(unknownKey === undefined ? [] : [unknownKey])].map(String).join('.');
  throw invalid(path === '' ? null : path, issue?.message ?? 'is not valid');
}

function seal(ctx: Ctx, input: { sourceId: string; field: string; secret: string }): string {
  const { sourceId, field, secret } = input;
  return sealSecret(secret, { secretsKey: keyOf(ctx, field), context: `${sourceId}/${field}` });
}

function keep(stored: StoredConfig, field: string, previous: StoredConfig | undefined): void {
  const sealed = previous?.sealed[field];
  const reference = previous?.references[field];
  if (sealed !== undefined) stored.sealed[field] = sealed;
  if (reference !== undefined) stored.references[field] = reference;
}

function keyOf(ctx: Ctx, field: string): string {
  const { secretsKey } = ctx.deps.settings;
  if (secretsKey !== null) return secretsKey;
  throw invalid(field, 'secrets cannot be stored without SECRETS_KEY; refer to one of SOURCE_SECRETS instead');
}

function invalid(path: string | null, message: string): StudioError {
  const field = path === null ? 'config' : `config.${path}`;
  return new StudioError('INPUT_INVALID', `${field}: ${message}`, { field });
}

interface SchemaNode {
  secret?: boolean;
  properties?: Record<string, SchemaNode>;
  anyOf?: SchemaNode[];
}

/** Dotted paths of what the loader's schema marks as secret. */
export function secretFieldsOf(loader: Pick<Loader, 'config'>): string[] {
  return walk(z.toJSONSchema(loader.config, { io: 'input' }) as SchemaNode, '');
}

function walk(node: SchemaNode, path: string): string[] {
  if (node.secret === true) return [path];
  const inner = Object.entries(node.properties ?? {}).flatMap(([name, child]) =>
    walk(child, path === '' ? name : `${path}.${name}`),
  );
  return [...new Set([...inner, ...(node.anyOf ?? []).flatMap((option) => walk(option, path))])];
}
