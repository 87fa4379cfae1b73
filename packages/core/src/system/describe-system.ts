import type { ServiceFacts } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';

/** The services behind this process: where they are, without passwords, and whether they answer. */
export async function describeSystem({ ctx }: { ctx: Ctx }): Promise<ServiceFacts[]> {
  authorise(ctx, 'system.read');
  return ctx.deps.services.describeServices();
}
