import type { JudgedQuery } from '@embedding-studio/contracts';
import type { Ctx } from '../../context.ts';

/** Query vectors from the model server, as search gets them. */
export async function embedQueries(
  ctx: Ctx,
  options: { modelId: string; queries: readonly Pick<JudgedQuery, 'text'>[] },
): Promise<Float32Array[]> {
  const size = ctx.deps.settings.embedBatch;
  const vectors: Float32Array[] = [];
  for (let start = 0; start < options.queries.length; start += size) {
    ctx.signal?.throwIfAborted();
    const texts = options.queries.slice(start, start + size).map(({ text }) => text);
    vectors.push(
      ...(await ctx.deps.encoder.embed({ modelId: options.modelId, texts, kind: 'query', signal: ctx.signal })),
    );
  }
  return vectors;
}
