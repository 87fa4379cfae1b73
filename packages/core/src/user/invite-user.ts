import { randomBytes } from 'node:crypto';
import { actorName, type InvitationRecord, newId, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import { sha256 } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { accessFields, parseAccess } from './access-input.ts';

const dayMs = 86_400_000;

export const InviteUserInput = z
  .object({
    email: z.email().max(320).toLowerCase(),
    ...accessFields,
    validDays: z.number().int().min(1).max(30).default(7),
  })
  .refine(({ role, projectRoles }) => role !== undefined || Object.keys(projectRoles ?? {}).length > 0, {
    path: ['role'],
    message: 'give a role, or a role in one project or more.',
  });
export type InviteUserInput = z.input<typeof InviteUserInput>;

export type InvitationView = Omit<InvitationRecord, 'tokenHash'>;

/** The token is in this answer and nowhere else. An open invitation of the same address ends. */
export async function inviteUser({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: InviteUserInput;
}): Promise<{ invitation: InvitationView; token: string }> {
  authorise(ctx, 'user.write');
  const { email, validDays, ...given } = parseInput(InviteUserInput, input);
  const access = parseAccess(ctx, given) ?? { role: 'viewer' as const, projectRoles: null };
  if ((await ctx.deps.users.findUserByEmail(email)) !== null)
    throw new StudioError('INPUT_INVALID', `email: ${email} has an account already; change its role instead.`, {
      field: 'email',
    });
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(ctx.deps.clock.now().getTime() + validDays * dayMs);
  const invitedBy = actorName(ctx.actor);
  const stored = { id: newId('invitation'), email, ...access, tokenHash: sha256(token), invitedBy, expiresAt };
  const { tokenHash: _hidden, ...invitation } = await ctx.deps.users.createInvitation(stored);
  const detail = { email, ...given, expiresAt: expiresAt.toISOString() };
  await recordAudit(ctx, { action: 'user.invite', subject: invitation.id, detail });
  return { invitation, token };
}
