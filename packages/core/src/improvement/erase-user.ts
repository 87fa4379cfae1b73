import { createHash } from 'node:crypto';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { eraseSuggestions } from '../suggestion/erase-suggestions.ts';
import { refreshDeltas } from './refresh-overlay.ts';

export const EraseUserInput = z.object({ userId: z.string().min(1).max(128) });
export type EraseUserInput = z.input<typeof EraseUserInput>;

export interface EraseUserResult {
  sessions: number;
  events: number;
  /** Items that rested on this user's clicks and were learned anew from what others did. */
  items: number;
}

/**
 * Removes a user: interests, evidence, suggestions' evidence, events, and all that their sessions held; empty sessions
 * keep the numbers of their batches whole. Idempotent. The audit row names the user by a hash alone.
 */
export async function eraseUser({ ctx, input }: { ctx: Ctx; input: EraseUserInput }): Promise<EraseUserResult> {
  authorise(ctx, 'rollout.write');
  const { userId } = parseInput(EraseUserInput, input);
  // Sessions first: learning that runs meanwhile finds nothing of the user to bring back.
  const { sessionIds, events } = await ctx.deps.sessions.eraseUser(userId);
  await eraseSuggestions({ ctx, input: { userId } });
  const touched = await ctx.deps.improvement.eraseUser(userId);
  for (const { collectionId, itemIds } of touched) await refreshDeltas(ctx, collectionId, itemIds);
  const items = touched.reduce((sum, { itemIds }) => sum + itemIds.length, 0);
  const result = { sessions: sessionIds.length, events, items };
  const subject = createHash('sha256').update(userId).digest('hex').slice(0, 16);
  await recordAudit(ctx, { action: 'user.erase', subject, detail: { ...result } });
  return result;
}
