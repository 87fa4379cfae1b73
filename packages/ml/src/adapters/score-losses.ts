/** Cosines of a batch: [query][item], row after row. */
export interface ScoreTable {
  values: Float32Array;
  rows: number;
  columns: number;
}

/** The loss of a batch and what each cosine adds to it. Weights are used as given: a mean divides them beforehand. */
export interface ScoreLoss {
  loss: number;
  /** ∂ loss / ∂ cosine, shaped as the table. */
  gradient: Float32Array;
}

export interface ScoreExample {
  row: number;
  /** Column of the clicked item. */
  positive: number;
  weight: number;
  /** Columns that are no negatives of it. */
  masked: readonly number[];
}

/** InfoNCE: Σ w·(ln Σ over items that count of e^(s / temperature) − s⁺ / temperature). */
export function contrastiveLoss(
  table: ScoreTable,
  { temperature, examples }: { temperature: number; examples: readonly ScoreExample[] },
): ScoreLoss {
  const gradient = new Float32Array(table.values.length);
  let loss = 0;
  for (const { row, positive, weight, masked } of examples) {
    const scores = scaledRow(table, { row, temperature });
    for (const column of masked) if (column !== positive) scores[column] = Number.NEGATIVE_INFINITY;
    const { shares, logSum } = softmax(scores);
    loss += weight * (logSum - (scores[positive] as number));
    shares[positive] = (shares[positive] as number) - 1;
    for (const [column, share] of shares.entries())
      addTo(gradient, row * table.columns + column, (weight * share) / temperature);
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

/** Σ w·σ((margin − (s⁺ − s⁻)) / temperature) over pairs. */
export function marginLoss(
  { values, columns }: ScoreTable,
  { margin, temperature, pairs }: { margin: number; temperature: number; pairs: readonly ScorePair[] },
): ScoreLoss {
  const gradient = new Float32Array(values.length);
  let loss = 0;
  for (const { row, positive, negative, weight } of pairs) {
    const [better, worse] = [row * columns + positive, row * columns + negative];
    const gap = (values[better] as number) - (values[worse] as number);
    const cost = 1 / (1 + Math.exp(-(margin - gap) / temperature));
    const slope = (weight * cost * (1 - cost)) / temperature;
    loss += weight * cost;
    addTo(gradient, better, -slope);
    addTo(gradient, worse, slope);
  }
  return { loss, gradient };
}

export interface ScoreList {
  row: number;
  weight: number;
  graded: readonly { column: number; grade: number }[];
}

/** CoSENT: Σ over lists of w·ln(1 + Σ over pairs with grade a > b of e^((s_b − s_a) / temperature)). */
export function coSentLoss(
  { values, columns }: ScoreTable,
  { temperature, lists }: { temperature: number; lists: readonly ScoreList[] },
): ScoreLoss {
  const gradient = new Float32Array(values.length);
  let loss = 0;
  for (const { row, weight, graded } of lists) {
    const at = (place: number) => row * columns + (graded[place]?.column ?? 0);
    const pairs = graded.flatMap(({ grade }, a) => graded.flatMap((other, b) => (grade > other.grade ? [[a, b]] : [])));
    const gaps = pairs.map(([a = 0, b = 0]) => ((values[at(b)] as number) - (values[at(a)] as number)) / temperature);
    // The one that stands for "in order already" is the logit 0.
    const { shares, logSum } = softmax(Float64Array.from([...gaps, 0]));
    loss += weight * logSum;
    pairs.forEach(([a = 0, b = 0], pair) => {
      const slope = (weight * (shares[pair] as number)) / temperature;
      addTo(gradient, at(b), slope);
      addTo(gradient, at(a), -slope);
    });
  }
  return { loss, gradient };
}

/** Σ over lists of w·KL(softmax(grade / targetTemperature) ‖ softmax(s / temperature)), both over the list. */
export function gradedKlLoss(
  { values, columns }: ScoreTable,
  options: { temperature: number; targetTemperature: number; lists: readonly ScoreList[] },
): ScoreLoss {
  const { temperature, targetTemperature, lists } = options;
  const gradient = new Float32Array(values.length);
  let loss = 0;
  for (const { row, weight, graded } of lists) {
    const at = graded.map(({ column }) => row * columns + column);
    const scores = Float64Array.from(at, (place) => (values[place] as number) / temperature);
    const wanted = softmax(Float64Array.from(graded, ({ grade }) => grade / targetTemperature));
    const found = softmax(scores);
    at.forEach((place, one) => {
      const [want, got] = [wanted.shares[one] as number, found.shares[one] as number];
      if (want > 0) loss += weight * want * (Math.log(want) - ((scores[one] as number) - found.logSum));
      addTo(gradient, place, (weight * (got - want)) / temperature);
    });
  }
  return { loss, gradient };
}

function scaledRow({ values, columns }: ScoreTable, { row, temperature }: { row: number; temperature: number }) {
  const start = row * columns;
  return Float64Array.from({ length: columns }, (_, column) => (values[start + column] as number) / temperature);
}

function softmax(logits: Float64Array): { shares: Float64Array; logSum: number } {
  const highest = logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const shares = logits.map((value) => Math.exp(value - highest));
  const sum = shares.reduce((total, value) => total + value, 0);
  return { shares: shares.map((value) => value / sum), logSum: highest + Math.log(sum) };
}

function addTo(target: Float32Array, at: number, value: number): void {
  target[at] = (target[at] as number) + value;
}
