import type { TrainingSettings } from '@embedding-studio/contracts';
import { adaptSide } from '../adapter/adapted-side.ts';
import { readAdapter } from '../adapter/adapter-artefact.ts';
import type { Ctx } from '../context.ts';
import { encodeCorpus } from '../rollout/gate/candidate-vectors.ts';
import type { RankedSide } from '../rollout/gate/compare-sides.ts';
import type { OpenTrial } from '../rollout/gate/open-trial.ts';
import { packVectors } from '../rollout/gate/vector-side.ts';
import type { TierWork } from './choose-tier.ts';

/** Vectors of a tier's model: by multiplication where it is an adapter, else embedded, and kept for gate and reindex. */
export async function rankTier(
  ctx: Ctx,
  made: { trial: OpenTrial; modelId: string; baseId: string; settings: TrainingSettings; output: string } & Pick<
    TierWork,
    'onItems'
  >,
): Promise<RankedSide> {
  const { trial, settings, output } = made;
  const artefactKey = `models/${made.modelId}/`;
  if (settings.adapter !== undefined)
    return adaptSide(await readAdapter(ctx, artefactKey), { ...trial, side: settings.adapter.side });
  const now = () => ctx.deps.clock.now().getTime();
  const started = now();
  const rows = await encodeCorpus(ctx, {
    model: { artefactKey, folder: output, imageModelId: made.baseId },
    items: trial.items,
    onItems: (done) => {
      ctx.signal?.throwIfAborted();
      return made.onItems({ done, total: trial.items.length, secondsSoFar: (now() - started) / 1_000 });
    },
  });
  const signal = ctx.signal ?? new AbortController().signal;
  const texts = trial.judged.map(({ text }) => text);
  const queries = await ctx.deps.trainer.encode({ modelFolder: output, texts, kind: 'query', signal });
  return { vectors: packVectors(rows), queries };
}
