import type { TrainingSet } from '@embedding-studio/contracts';
import type { DatasetSession } from '../../apps/studio/src/datasets/index.ts';
import type { PlacedPictures } from '../../apps/studio/src/eval/score-pictures.ts';

/** Every click weighs the same; what stands above the last click was passed over. Rows are those of the pictures shown. */
export function makeTrainingSet(sessions: readonly DatasetSession[], placed: PlacedPictures): TrainingSet {
  const queries = sessions.map(({ sessionId, query, shown, clicked }) => ({
    ...{ queryId: sessionId, text: query },
    clicked: clicked.map((itemId) => ({ itemId, weight: 1 })),
    skipped: shown
      .slice(
        0,
        shown.findLastIndex((id) => clicked.includes(id)),
      )
      .filter((id) => !clicked.includes(id)),
  }));
  const ids = [...new Set(sessions.flatMap(({ shown }) => shown))];
  const dims = placed.get(ids[0] ?? '')?.length ?? 0;
  const values = new Float32Array(ids.length * dims);
  ids.forEach((itemId, at) => {
    values.set(placed.get(itemId) ?? [], at * dims);
  });
  return { queries, itemTexts: Object.fromEntries(ids.map((itemId) => [itemId, ''])), itemRows: { dims, ids, values } };
}
