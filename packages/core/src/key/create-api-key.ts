import { newId, Scope, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { type ApiKeyView, makeSecret, viewApiKey } from './api-key-view.ts';

export const CreateApiKeyInput = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(Scope).min(1),
  /** Collection ids, or `live` for whatever serves; null: all. A key with scope `admin` cannot be bound. */
  collections: z.array(z.string().min(1).max(128)).min(1).max(100).nullable().default(null),
  /** null: the gateway's setting. */
  requestsPerMinute: z.number().int().min(1).max(10_000_000).nullable().default(null),
  expiresAt: z.date().nullable().default(null),
});
export type CreateApiKeyInput = z.input<typeof CreateApiKeyInput>;

/** The secret is in this answer and nowhere else: only its hash is stored. */
export async function createApiKey({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: CreateApiKeyInput;
}): Promise<{ key: ApiKeyView; secret: string }> {
  authorise(ctx, 'key.write');
  const wanted = parseInput(CreateApiKeyInput, input);
  await checkCollections(ctx, wanted);
  const { secret, stored } = makeSecret(ctx.deps.settings.place);
  const record = await ctx.deps.apiKeys.createApiKey({
    ...wanted,
    ...stored,
    id: newId('key'),
    scopes: [...new Set(wanted.scopes)],
  });
  const { name, scopes, collections, requestsPerMinute } = wanted;
  await recordAudit(ctx, {
    action: 'key.create',
    subject: record.id,
    detail: { name, scopes, collections, requestsPerMinute, expiresAt: wanted.expiresAt?.toISOString() ?? null },
  });
  return { key: viewApiKey(record), secret };
}

async function checkCollections(ctx: Ctx, wanted: z.output<typeof CreateApiKeyInput>): Promise<void> {
  if (wanted.collections === null) return;
  if (wanted.scopes.includes('admin'))
    throw new StudioError('INPUT_INVALID', 'collections: an admin key reaches everything; leave it out.', {
      field: 'collections',
    });
  for (const id of wanted.collections) if (id !== 'live') await ctx.deps.collections.getCollection(id);
}
