import type { Loader } from '@embedding-studio/contracts';
import type { Ctx } from '@embedding-studio/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openSecret, sealSecret } from '../../src/data-source/seal-secret.ts';
import { parseConfig, secretFieldsOf, storeConfig } from '../../src/data-source/source-config.ts';

const secretsKey = 'a key for tests, long enough to be one';
const loader = {
  id: 'shop',
  config: z.strictObject({
    host: z.string(),
    password: z.string().min(3).meta({ secret: true }),
    tls: z.strictObject({ key: z.string().nullable().meta({ secret: true }).optional() }).default({}),
  }),
} as unknown as Loader;
const ctx = { deps: { settings: { secretsKey, sourceSecrets: { 'shop-db': 'from settings' } } } } as unknown as Ctx;
const sourceId = 'src_1';

describe('secrets of a config', () => {
  test('are found wherever the schema marks them', () => {
    expect(secretFieldsOf(loader)).toEqual(['password', 'tls.key']);
  });

  test('are stored encrypted, apart from the rest, and come back for the loader', () => {
    const stored = storeConfig(ctx, {
      sourceId,
      loader,
      config: { host: 'h', password: 'hunter2', tls: { key: 'k3y' } },
    });
    expect(stored.config).toEqual({ host: 'h', tls: {} });
    expect(JSON.stringify(stored)).not.toMatch(/hunter2|k3y/);
    expect(parseConfig(ctx, { sourceId, loader, stored })).toEqual({
      host: 'h',
      password: 'hunter2',
      tls: { key: 'k3y' },
    });
  });

  test('of another source or field do not open', () => {
    const stored = storeConfig(ctx, { sourceId, loader, config: { host: 'h', password: 'hunter2' } });
    expect(() => parseConfig(ctx, { sourceId: 'src_2', loader, stored })).toThrowError(/another SECRETS_KEY/);
  });

  test('may be named by reference; one that the settings lack is refused with its field', () => {
    const refer = (setting: string) =>
      storeConfig(ctx, { sourceId, loader, config: { host: 'h', password: { setting } } });
    const stored = refer('shop-db');
    expect(JSON.stringify(stored)).not.toContain('from settings');
    expect(parseConfig(ctx, { sourceId, loader, stored })).toMatchObject({ password: 'from settings' });
    for (const name of ['other', 'toString', '__proto__'])
      expect(() => refer(name)).toThrowError(expect.objectContaining({ field: 'config.password' }));
  });

  test('that are left out of an update stay, and null removes one', () => {
    const first = storeConfig(ctx, { sourceId, loader, config: { host: 'h', password: 'hunter2', tls: { key: 'k' } } });
    const second = storeConfig(ctx, { sourceId, loader, config: { host: 'i', tls: { key: null } }, previous: first });
    expect(parseConfig(ctx, { sourceId, loader, stored: second })).toEqual({ host: 'i', password: 'hunter2', tls: {} });
  });

  test('cannot be stored without a key, and a faulty config names its field', () => {
    const keyless = { deps: { settings: { secretsKey: null, sourceSecrets: {} } } } as unknown as Ctx;
    const store = (given: Ctx, config: Record<string, unknown>) => () =>
      storeConfig(given, { sourceId, loader, config });
    expect(store(keyless, { host: 'h', password: 'hunter2' })).toThrowError(/SECRETS_KEY/);
    expect(store(ctx, { host: 1, password: 'hunter2' })).toThrowError(
      expect.objectContaining({ field: 'config.host' }),
    );
    expect(store(ctx, { host: 'h', password: 'hunter2', hots: 1 })).toThrowError(
      expect.objectContaining({ field: 'config.hots' }),
    );
  });
});

test('a sealed secret that was changed does not open', () => {
  const options = { secretsKey, context: 'src_1/password' };
  const sealed = sealSecret('hunter2', options);
  expect(sealSecret('hunter2', options)).not.toBe(sealed);
  expect(openSecret(sealed, options)).toBe('hunter2');
  const changed = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
  expect(() => openSecret(changed, options)).toThrowError(/another SECRETS_KEY/);
});
