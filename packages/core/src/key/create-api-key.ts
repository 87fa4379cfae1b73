import { randomBytes } from 'node:crypto';
import { type ApiKeyRecord, newId, Scope } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import { sha256 } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';

export const CreateApiKeyInput = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(Scope).min(1),
  expiresAt: z.date().nullable().default(null),
});
export type CreateApiKeyInput = z.input<typeof CreateApiKeyInput>;

/** An API key without its hash, fit to be shown. */
export type ApiKeyView = Omit<ApiKeyRecord, 'secretHash'>;

/** The secret is in this answer and nowhere else: only its hash is stored. */
export async function createApiKey({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: CreateApiKeyInput;
}): Promise<{ key: ApiKeyView; secret: string }> {
  authorise(ctx, 'key.write');
  const { name, scopes, expiresAt } = parseInput(CreateApiKeyInput, input);
  const secret = `es_${randomBytes(24).toString('base64url')}`;
  const record = await ctx.deps.apiKeys.createApiKey({
    id: newId('key'),
    name,
    prefix: secret.slice(0, 8),
    secretHash: sha256(secret),
    scopes: [...new Set(scopes)],
    expiresAt,
  });
  await recordAudit(ctx, { action: 'key.create', subject: record.id, detail: { name, scopes } });
  return { key: viewApiKey(record), secret };
}

export function viewApiKey({ secretHash: _hidden, ...view }: ApiKeyRecord): ApiKeyView {
  return view;
}
