import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';

export const RevokeInvitationInput = z.object({ id: z.string().min(1).max(128) });
export type RevokeInvitationInput = z.input<typeof RevokeInvitationInput>;

export async function revokeInvitation({ ctx, input }: { ctx: Ctx; input: RevokeInvitationInput }): Promise<void> {
  authorise(ctx, 'user.write');
  const { id } = parseInput(RevokeInvitationInput, input);
  await ctx.deps.users.deleteInvitation(id);
  await recordAudit(ctx, { action: 'user.revoke-invitation', subject: id });
}
