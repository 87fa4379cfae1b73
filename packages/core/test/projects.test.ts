import { keyPrefixOf, projectOfKey, roleIn, type UserRecord } from '@embedding-studio/contracts';
import { isAllowed, userActor } from '@embedding-studio/core';
import { describe, expect, it } from 'vitest';

const projects = ['films', 'e-books', 'music'];
const at = (project: string) => ({ project, projects });
const person = (access: Pick<UserRecord, 'role' | 'projectRoles'>): UserRecord => ({
  ...{ id: 'u', name: 'U', email: 'u@example.org', disabledAt: null, lastSeenAt: null, createdAt: new Date(0) },
  ...access,
});

describe('a key', () => {
  it('names its project, but not the first', () => {
    expect(keyPrefixOf(at('films'))).toBe('es_');
    expect(projectOfKey(`${keyPrefixOf(at('e-books'))}Az09-_`)).toBe('e-books');
    // Whatever is random in it: base64url has no dot.
    for (const secret of ['es_Az09-_', 'es_e-books_x', 'es_-', '', 'es_.x', 'x.es_books.y'])
      expect(projectOfKey(secret)).toBeNull();
  });
});

describe('the role of a person', () => {
  it('holds in the first project alone where nothing is said of projects', () => {
    const access = { role: 'engineer', projectRoles: null } as const;
    expect(projects.map((slug) => roleIn(access, at(slug)))).toEqual(['engineer', null, null]);
  });

  it('is by project where one is named, and none elsewhere, the first project included', () => {
    const access = { role: 'viewer', projectRoles: { 'e-books': 'admin' } } as const;
    expect(projects.map((slug) => roleIn(access, at(slug)))).toEqual([null, 'admin', null]);
  });

  it('is admin everywhere for an admin of the installation', () => {
    const access = { role: 'admin', projectRoles: null } as const;
    expect(projects.map((slug) => roleIn(access, at(slug)))).toEqual(['admin', 'admin', 'admin']);
  });
});

describe('an admin of a project', () => {
  const owner = userActor(person({ role: 'viewer', projectRoles: { films: 'admin' } }), at('films'));

  it('makes keys there, and manages nobody: people are of the whole installation', () => {
    expect(owner !== null && isAllowed(owner, 'key.write')).toBe(true);
    expect(owner !== null && isAllowed(owner, 'user.write')).toBe(false);
  });

  it('is one of the installation where there is no other project', () => {
    const only = userActor(person({ role: 'admin', projectRoles: null }), {
      project: 'default',
      projects: ['default'],
    });
    expect(only).toEqual({ kind: 'user', userId: 'u', role: 'admin' });
  });
});
