import { Role, StudioError, type UserRecord } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';

export const ChangeUserInput = z
  .object({ id: z.string().min(1).max(128), role: Role.optional(), isDisabled: z.boolean().optional() })
  .refine(({ role, isDisabled }) => role !== undefined || isDisabled !== undefined, {
    path: ['role'],
    message: 'give a role, isDisabled, or both.',
  });
export type ChangeUserInput = z.input<typeof ChangeUserInput>;

/** The person has to sign in again. The last admin stays one. */
export async function changeUser({ ctx, input }: { ctx: Ctx; input: ChangeUserInput }): Promise<UserRecord> {
  authorise(ctx, 'user.write');
  const { id, role, isDisabled } = parseInput(ChangeUserInput, input);
  const before = await ctx.deps.users.findUser(id);
  if (before === null) throw new StudioError('INPUT_INVALID', `id: there is no user ${id}.`, { field: 'id' });
  const disabledAt = isDisabled === undefined ? undefined : isDisabled ? ctx.deps.clock.now() : null;
  const after = await ctx.deps.users.changeUser({ id, role, disabledAt });
  const detail = {
    before: { role: before.role, isDisabled: before.disabledAt !== null },
    after: { role: after.role, isDisabled: after.disabledAt !== null },
  };
  await recordAudit(ctx, { action: 'user.change', subject: id, detail });
  return after;
}
