import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { type ApiKeyView, makeSecret, viewApiKey } from './api-key-view.ts';

export const RotateApiKeyInput = z.object({
  keyId: z.string().min(1).max(128),
  /** How long the secret in use stays valid beside the new one. */
  overlapHours: z.number().min(0).max(720).default(24),
});
export type RotateApiKeyInput = z.input<typeof RotateApiKeyInput>;

/** A new secret for the same key, shown once; the old one stays valid for the overlap, so that nothing has to stop. */
export async function rotateApiKey({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: RotateApiKeyInput;
}): Promise<{ key: ApiKeyView; secret: string }> {
  authorise(ctx, 'key.write');
  const { keyId, overlapHours } = parseInput(RotateApiKeyInput, input);
  const { secret, stored } = makeSecret(ctx.deps.settings.place);
  const previousValidUntil = new Date(ctx.deps.clock.now().getTime() + overlapHours * 3_600_000);
  const record = await ctx.deps.apiKeys.rotateApiKey({ ...stored, id: keyId, previousValidUntil });
  await recordAudit(ctx, { action: 'key.rotate', subject: keyId, detail: { overlapHours } });
  return { key: viewApiKey(record), secret };
}
