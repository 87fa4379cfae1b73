import type { SessionWithEvents, ValidationSet } from '@embedding-studio/contracts';
import { sessionsToJudgedQueries } from '@embedding-studio/ml/clicks';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import type { Ctx } from '../context.ts';
import { loadTexts } from './build-training-set.ts';

const queriesMax = 64;
const itemsMax = 12;

/** A few held-out queries with the lists that users saw; undefined when there are none that could be ordered wrongly. */
export async function buildValidationSet(
  ctx: Ctx,
  options: { heldOut: readonly SessionWithEvents[]; seed: number; queriesMax?: number },
): Promise<ValidationSet | undefined> {
  const { judged } = sessionsToJudgedQueries(options.heldOut);
  const usable = judged.filter((query) => query.judged.length > Object.keys(query.relevant).length);
  const chosen = shuffle(usable, createRandom(options.seed))
    .slice(0, options.queriesMax ?? queriesMax)
    .map(({ text, relevant, judged: shown }) => {
      const wanted = Object.keys(relevant);
      const others = shown.filter((itemId) => !Object.hasOwn(relevant, itemId));
      return { text, relevant, judged: [...wanted, ...others].slice(0, Math.max(itemsMax, wanted.length + 1)) };
    });
  if (chosen.length === 0) return undefined;
  const itemTexts = await loadTexts(ctx, [...new Set(chosen.flatMap((query) => query.judged))]);
  return { queries: chosen, itemTexts };
}
