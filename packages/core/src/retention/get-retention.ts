import type { RetentionPolicy } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';

export interface Retention {
  policy: RetentionPolicy;
  /** What the settings say, and holds where nobody has decided. */
  defaults: RetentionPolicy;
  /** null: nobody has decided. */
  updatedAt: Date | null;
}

/** How long things are kept, as decided by an administrator or else by the settings. */
export async function getRetention({ ctx }: { ctx: Ctx }): Promise<Retention> {
  authorise(ctx, 'policy.read');
  const { retention: defaults } = ctx.deps.settings;
  const stored = await ctx.deps.policies.findPolicy('retention');
  return { policy: { ...defaults, ...stored?.value }, defaults, updatedAt: stored?.updatedAt ?? null };
}
