/** Cosines of a batch: [query][item], row after row. */
export interface ScoreTable {
  values: Float32Array;
  rows: number;
  columns: number;
}

/** The loss of a batch and what each cosine adds to it. */
export interface ScoreLoss {
  loss: number;
  /** ∂ loss / ∂ cosine, shaped as the table. */
  gradient: Float32Array;
}

/**
 * Weighted InfoNCE: Σ w·−log softmax(s / temperature)[positive] / Σ w, over the items of the row that are not masked.
 * `positives`: the column of each row; `isMasked`: 1 where a column must not count as a negative of the row.
 */
export function contrastiveLoss(
  { values, rows, columns }: ScoreTable,
  batch: {
    temperature: number;
    positives: Int32Array;
    weights: Float32Array;
    isMasked: Uint8Array;
  },
): ScoreLoss {
  const { temperature, positives, weights, isMasked } = batch;
  const gradient = new Float32Array(values.length);
  const total = sumOf(weights);
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    const positive = start + (positives[row] as number);
    const share = total > 0 ? (weights[row] as number) / total : 0;
    let highest = Number.NEGATIVE_INFINITY;
    for (let at = start; at < start + columns; at++)
      if (isMasked[at] === 0 || at === positive) highest = Math.max(highest, values[at] as number);
    let sum = 0;
    for (let at = start; at < start + columns; at++) {
      if (isMasked[at] !== 0 && at !== positive) continue;
      const term = Math.exp(((values[at] as number) - highest) / temperature);
      gradient[at] = term;
      sum += term;
    }
    for (let at = start; at < start + columns; at++)
      gradient[at] = ((gradient[at] as number) * share) / (sum * temperature);
    gradient[positive] = (gradient[positive] as number) - share / temperature;
    loss += share * (Math.log(sum) + (highest - (values[positive] as number)) / temperature);
  }
  return { loss, gradient };
}

/** One pair of a query: the clicked item is to be nearer than the one passed over. */
export interface ScorePair {
  row: number;
  positive: number;
  negative: number;
  weight: number;
}

/** Σ w·σ((margin − (s⁺ − s⁻)) / temperature) / Σ w over pairs. */
export function marginLoss(
  { values, columns }: ScoreTable,
  batch: { margin: number; temperature: number; pairs: readonly ScorePair[] },
): ScoreLoss {
  const { margin, temperature, pairs } = batch;
  const gradient = new Float32Array(values.length);
  const total = pairs.reduce((sum, { weight }) => sum + weight, 0);
  let loss = 0;
  for (const { row, positive, negative, weight } of pairs) {
    const [better, worse] = [row * columns + positive, row * columns + negative];
    const gap = (values[better] as number) - (values[worse] as number);
    const cost = 1 / (1 + Math.exp(-(margin - gap) / temperature));
    const share = total > 0 ? weight / total : 0;
    const slope = (share * cost * (1 - cost)) / temperature;
    loss += share * cost;
    gradient[better] = (gradient[better] as number) - slope;
    gradient[worse] = (gradient[worse] as number) + slope;
  }
  return { loss, gradient };
}

const sumOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);
