import { type Actor, isStudioError, permissions, Role, type Scope } from '@embedding-studio/contracts';
import { authorise, isAllowed, policy } from '@embedding-studio/core';
import { describe, expect, test } from 'vitest';

const user = (role: Role): Actor => ({ kind: 'user', userId: 'u', role });
const key = (...scopes: Scope[]): Actor & { kind: 'apiKey' } => ({ kind: 'apiKey', keyId: 'k', scopes });

describe('authorise', () => {
  test('jobs of the system, admins and admin keys may do everything', () => {
    for (const permission of permissions)
      for (const actor of [{ kind: 'system', job: 'test' } as const, user('admin'), key('admin')])
        expect(isAllowed(actor, permission)).toBe(true);
  });

  test('a role is never allowed less than the one below it', () => {
    const order = Role.options;
    for (const permission of permissions)
      for (const [index, role] of order.entries())
        if (isAllowed(user(role), permission))
          for (const higher of order.slice(index)) expect(isAllowed(user(higher), permission)).toBe(true);
  });

  test('a viewer changes nothing', () => {
    for (const permission of permissions.filter((name) => name.endsWith('.write')))
      expect(isAllowed(user('viewer'), permission)).toBe(false);
  });

  test('a key holds what its scopes say and nothing else', () => {
    expect(isAllowed(key('search'), 'search.read')).toBe(true);
    expect(isAllowed(key('search'), 'session.write')).toBe(false);
    expect(isAllowed(key('clickstream'), 'session.write')).toBe(true);
    expect(isAllowed(key('ingest'), 'item.write')).toBe(true);
    expect(isAllowed(key('search', 'clickstream', 'ingest'), 'rollout.write')).toBe(false);
    expect(isAllowed(key(), 'search.read')).toBe(false);
  });

  test('only admins and admin keys make keys', () => {
    expect(policy['key.write'].scopes).toEqual([]);
    for (const role of Role.options) expect(isAllowed(user(role), 'key.write')).toBe(role === 'admin');
  });

  test('a key bound to collections reaches no other, and what serves only when it is among them', () => {
    const bound: Actor = { ...key('search'), collections: ['col_1'] };
    expect(() => authorise({ actor: bound }, 'collection.read', 'col_1')).not.toThrow();
    expect(() => authorise({ actor: bound }, 'collection.read', 'col_2')).toThrow(/bound/);
    expect(() => authorise({ actor: bound }, 'search.read')).toThrow(/bound/);
    expect(() => authorise({ actor: { ...bound, collections: ['live'] } }, 'search.read')).not.toThrow();
  });

  test('a refusal is FORBIDDEN and names the permission, not the policy', () => {
    const refused = (() => {
      try {
        authorise({ actor: key('search') }, 'item.write');
      } catch (error) {
        return error;
      }
    })();
    expect(isStudioError(refused) && refused.code).toBe('FORBIDDEN');
    expect(isStudioError(refused) && refused.publicMessage).toContain('item.write');
  });
});
