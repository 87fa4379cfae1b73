import type { ExplorationPolicy } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { defaultExplorationPolicy } from './exploration-policy.ts';

export interface ExplorationPolicyView {
  policy: ExplorationPolicy;
  defaults: ExplorationPolicy;
  /** null: nobody has decided. */
  updatedAt: Date | null;
}

/** Whether and how often searches show what they would not have shown. */
export async function getExplorationPolicy({ ctx }: { ctx: Ctx }): Promise<ExplorationPolicyView> {
  authorise(ctx, 'policy.read');
  const stored = await ctx.deps.policies.findPolicy('exploration');
  return {
    policy: { ...defaultExplorationPolicy, ...stored?.value },
    defaults: defaultExplorationPolicy,
    updatedAt: stored?.updatedAt ?? null,
  };
}
