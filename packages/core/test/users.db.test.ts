import type { Role } from '@embedding-studio/contracts';
import { createTestUser, startTestStudio, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  admitUser,
  changeUser,
  inviteUser,
  isSetUpCode,
  listInvitations,
  revokeInvitation,
  setUpCode,
} from '../src/index.ts';

let studio: TestStudio;
beforeAll(async () => {
  studio = await startTestStudio();
});
afterAll(() => studio?.close());

const stranger = { invitationToken: null, isFirst: false, isVouchedFor: false, defaultRole: null };
const admit = (over: Partial<Parameters<typeof admitUser>[1]> & { email: string }) =>
  admitUser(studio.deps, { ...stranger, ...over });
const inFirst = (role: Role) => ({ role, projectRoles: null });
const invite = (email: string) => inviteUser({ ctx: studio.ctx, input: { email, role: 'engineer' } });

describe('who gets an account', () => {
  it('is the holder of the set-up code while there are no accounts, and nobody by it afterwards', async () => {
    expect(await admit({ email: 'first@example.org', isFirst: true })).toEqual(inFirst('admin'));
    await createTestUser(studio, { email: 'first@example.org', role: 'admin' });
    expect(await admit({ email: 'second@example.org', isFirst: true })).toBeNull();
  });

  it('is the invited address with the token, once', async () => {
    const { token } = await invite('Eve@example.org');
    expect(await admit({ email: 'mallory@example.org', invitationToken: token })).toBeNull();
    expect(await admit({ email: 'eve@example.org' })).toBeNull();
    expect(await admit({ email: 'eve@example.org', invitationToken: token })).toEqual(inFirst('engineer'));
    expect(await admit({ email: 'eve@example.org', invitationToken: token })).toBeNull();
  });

  it('is nobody by an expired, replaced or revoked invitation', async () => {
    const replaced = await invite('kim@example.org');
    const revoked = await invite('kim@example.org');
    await revokeInvitation({ ctx: studio.ctx, input: { id: revoked.invitation.id } });
    const expired = await invite('lee@example.org');
    studio.passSeconds(8 * 86_400);
    for (const { token, email } of [
      { token: replaced.token, email: 'kim@example.org' },
      { token: revoked.token, email: 'kim@example.org' },
      { token: expired.token, email: 'lee@example.org' },
    ])
      expect(await admit({ email, invitationToken: token })).toBeNull();
  });

  it('is by an identity provider the invited address, or everybody where a default role is set', async () => {
    await invite('oidc@example.org');
    const vouched = { isVouchedFor: true };
    expect(await admit({ email: 'oidc@example.org', ...vouched })).toEqual(inFirst('engineer'));
    expect(await admit({ email: 'other@example.org', ...vouched })).toBeNull();
    expect(await admit({ email: 'other@example.org', ...vouched, defaultRole: 'viewer' })).toEqual(inFirst('viewer'));
  });

  it('never learns the token again', async () => {
    const { token } = await invite('once@example.org');
    const listed = await listInvitations({ ctx: studio.ctx, input: {} });
    expect(JSON.stringify(listed)).not.toContain(token);
    expect(Object.keys(listed[0] ?? {})).not.toContain('tokenHash');
  });
});

describe('admins', () => {
  it('cannot leave the console without one, not even two at once', async () => {
    const admins = await Promise.all(
      ['a@example.org', 'b@example.org'].map((email) => createTestUser(studio, { email, role: 'admin' })),
    );
    const first = await studio.deps.users.findUserByEmail('first@example.org');
    const everyone = [first, ...admins].flatMap((user) => (user === null ? [] : [user.id]));
    const demote = (id: string) => changeUser({ ctx: studio.ctx, input: { id, role: 'viewer' } });
    const results = await Promise.allSettled(everyone.map(demote));
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  });

  it('are the only ones who invite', async () => {
    const actor = { kind: 'user', userId: 'u', role: 'engineer' } as const;
    const input = { email: 'x@example.org', role: 'viewer' } as const;
    await expect(inviteUser({ ctx: { ...studio.ctx, actor }, input })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('the set-up code', () => {
  it('is right only as a whole and only for its secret', () => {
    const code = setUpCode('a secret of an installation');
    expect(isSetUpCode(code, 'a secret of an installation')).toBe(true);
    expect(isSetUpCode(code, 'another secret')).toBe(false);
    for (const wrong of ['', code.slice(1), `${code}0`])
      expect(isSetUpCode(wrong, 'a secret of an installation')).toBe(false);
  });
});
