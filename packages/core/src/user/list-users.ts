import { roleIn, type UserRecord } from '@embedding-studio/contracts';
import type { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { KeysetPage } from '../page.ts';
import { parseInput } from '../parse-input.ts';
import type { InvitationView } from './invite-user.ts';

export const ListUsersInput = KeysetPage;
export type ListUsersInput = z.input<typeof ListUsersInput>;

/** Newest first. Who reaches one project only sees those who may enter it, with their role there. */
export async function listUsers({ ctx, input }: { ctx: Ctx; input: ListUsersInput }): Promise<UserRecord[]> {
  authorise(ctx, 'user.read');
  const page = parseInput(ListUsersInput, input);
  const { actor, deps } = ctx;
  if (actor.kind === 'system' || actor.reach === undefined) return deps.users.listUsers(page);
  const { place } = deps.settings;
  const users = await deps.users.listUsers({ ...page, place });
  return users.map((user) => ({ ...user, role: roleIn(user, place) ?? user.role, projectRoles: null }));
}

export const ListInvitationsInput = KeysetPage;
export type ListInvitationsInput = z.input<typeof ListInvitationsInput>;

/** Those not accepted yet, expired ones among them; newest first. */
export async function listInvitations({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListInvitationsInput;
}): Promise<InvitationView[]> {
  authorise(ctx, 'user.write');
  const rows = await ctx.deps.users.listInvitations(parseInput(ListInvitationsInput, input));
  return rows.map(({ tokenHash: _hidden, ...view }) => view);
}
