import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';

export const RevokeApiKeyInput = z.object({ keyId: z.string().min(1).max(128) });
export type RevokeApiKeyInput = z.input<typeof RevokeApiKeyInput>;

/** Ends a key for good; revoking twice is no error. */
export async function revokeApiKey({ ctx, input }: { ctx: Ctx; input: RevokeApiKeyInput }): Promise<void> {
  authorise(ctx, 'key.write');
  const { keyId } = parseInput(RevokeApiKeyInput, input);
  await ctx.deps.apiKeys.revokeApiKey(keyId);
  await recordAudit(ctx, { action: 'key.revoke', subject: keyId });
}
