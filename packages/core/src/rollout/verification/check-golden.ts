import { StudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../../context.ts';
import { fetchServedArtefact } from '../../model/served-artefact.ts';
import { embedQueries } from '../gate/embed-queries.ts';

const cosineMin = 0.999;

/** The served model answers as the trainer does: same weights, same tokens, same prefixes. */
export async function checkGolden(
  ctx: Ctx,
  options: { modelId: string; texts: readonly string[] },
): Promise<{ texts: number; cosineMin: number }> {
  const { modelId, texts } = options;
  const { folder } = await fetchServedArtefact(ctx, await ctx.deps.models.getModel(modelId));
  const signal = ctx.signal ?? new AbortController().signal;
  const expected = await ctx.deps.trainer.encode({ modelFolder: folder, texts, kind: 'query', signal });
  const served = await embedQueries(ctx, { modelId, queries: texts.map((text) => ({ text })) });
  const cosines = expected.map((vector, index) => dot(vector, served[index] ?? new Float32Array(vector.length)));
  const lowest = Math.min(1, ...cosines);
  if (lowest >= cosineMin) return { texts: texts.length, cosineMin: lowest };
  throw new StudioError('VERIFICATION_FAILED', `Served and trained vectors differ: cosine ${lowest.toFixed(4)}.`);
}

function dot(left: Float32Array, right: Float32Array): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}
