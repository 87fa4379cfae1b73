import type { ItemRecord, TrainingSet } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { chooseCorpus } from '../rollout/gate/choose-corpus.ts';

const anchorsMax = 512;

/** Random items of the catalogue that no training query clicked: what training must leave as it is. */
export async function drawAnchors(
  ctx: Ctx,
  { trainingSet, seed }: { trainingSet: TrainingSet; seed: number },
): Promise<ItemRecord[]> {
  const clicked = new Set(trainingSet.queries.flatMap((query) => query.clicked.map(({ itemId }) => itemId)));
  const items = await chooseCorpus(ctx, { needed: new Set(), seed, itemsMax: anchorsMax });
  return items.filter(({ id, parts }) => !clicked.has(id) && (parts[0] ?? '').trim() !== '').slice(0, anchorsMax);
}
