import type { Permission, Role, Scope } from '@embedding-studio/contracts';
import { authorise, policy } from '../authorise.ts';
import type { Ctx } from '../context.ts';

export interface PolicyRow {
  permission: Permission;
  roles: readonly Role[];
  /** Of API keys; the scope `admin` holds every permission. */
  scopes: readonly Scope[];
}

/** Who may do what. */
export function getPolicy({ ctx }: { ctx: Ctx }): PolicyRow[] {
  authorise(ctx, 'user.read');
  return Object.entries(policy).map(([permission, grant]) => ({ permission: permission as Permission, ...grant }));
}
