import { rowOf, rowsOf, type VectorTable } from '../projection/vector-table.ts';
import { dot } from './kernel-ridge.ts';

export interface RankFigures {
  /** Share of the captions that find their picture among the first ten. */
  recall10: number;
  /** Mean of 1 / rank, over all ranks. */
  mrr: number;
}

export interface CaptionFigures extends RankFigures {
  /** Mean of ln(rank): lower is better. Moved by every caption, so that a few firsts do not decide between fits. */
  logRank: number;
}

/** Every caption ranks all pictures by cosine; row n of both belong together. A picture as near counts as nearer. */
export function measureCaptions(captions: VectorTable, pictures: VectorTable): CaptionFigures {
  const rows = rowsOf(captions);
  const lengths = Float64Array.from({ length: rows }, (_, row) => {
    const own = rowOf(pictures, row);
    return Math.sqrt(dot(own, own)) || 1;
  });
  const cosine = (caption: number, picture: number) =>
    dot(rowOf(captions, caption), rowOf(pictures, picture)) / (lengths[picture] ?? 1);
  let [found, reciprocal, logarithm] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const wanted = cosine(row, row);
    let rank = 1;
    for (let other = 0; other < rows; other++) if (other !== row && cosine(row, other) >= wanted) rank++;
    if (rank <= 10) found++;
    reciprocal += 1 / rank;
    logarithm += Math.log(rank);
  }
  return { recall10: found / rows, mrr: reciprocal / rows, logRank: logarithm / rows };
}

/** What a random order of so many pictures finds. */
export function chanceOf(pictures: number): RankFigures {
  let harmonic = 0;
  for (let rank = 1; rank <= pictures; rank++) harmonic += 1 / rank;
  return { recall10: Math.min(1, 10 / pictures), mrr: harmonic / pictures };
}
