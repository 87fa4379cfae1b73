import type { Ctx } from '../context.ts';

/** Vectors of queries, in their order. */
export async function embedQueryTexts(
  ctx: Ctx,
  { modelId, texts }: { modelId: string; texts: readonly string[] },
): Promise<Float32Array[]> {
  const size = ctx.deps.settings.embedBatch;
  const vectors: Float32Array[] = [];
  for (let start = 0; start < texts.length; start += size) {
    ctx.signal?.throwIfAborted();
    const chunk = texts.slice(start, start + size);
    vectors.push(...(await ctx.deps.encoder.embed({ modelId, texts: chunk, kind: 'query', signal: ctx.signal })));
  }
  return vectors;
}
