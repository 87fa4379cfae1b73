import { StudioError, type UserRecord } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { accessFields, parseAccess } from './access-input.ts';

export const ChangeUserInput = z
  .object({ id: z.string().min(1).max(128), ...accessFields, isDisabled: z.boolean().optional() })
  .refine(({ id: _id, ...change }) => Object.values(change).some((value) => value !== undefined), {
    path: ['role'],
    message: 'give a role or roles by project, isDisabled, or both.',
  });
export type ChangeUserInput = z.input<typeof ChangeUserInput>;

/** The person has to sign in again. The last admin stays one. */
export async function changeUser({ ctx, input }: { ctx: Ctx; input: ChangeUserInput }): Promise<UserRecord> {
  authorise(ctx, 'user.write');
  const { id, isDisabled, ...given } = parseInput(ChangeUserInput, input);
  const access = parseAccess(ctx, given);
  const before = await ctx.deps.users.findUser(id);
  if (before === null) throw new StudioError('INPUT_INVALID', `id: there is no user ${id}.`, { field: 'id' });
  const disabledAt = isDisabled === undefined ? undefined : isDisabled ? ctx.deps.clock.now() : null;
  const after = await ctx.deps.users.changeUser({ id, ...access, disabledAt });
  const detail = {
    before: { ...rolesOf(before), isDisabled: before.disabledAt !== null },
    after: { ...rolesOf(after), isDisabled: after.disabledAt !== null },
  };
  await recordAudit(ctx, { action: 'user.change', subject: id, detail });
  return after;
}

function rolesOf({ role, projectRoles }: UserRecord): Record<string, unknown> {
  return projectRoles === null ? { role } : { projectRoles };
}
