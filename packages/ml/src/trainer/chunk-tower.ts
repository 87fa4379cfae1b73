import { type TowerName, towerValue } from './encoder-graph.ts';
import type { BatchInputs, GraphInput } from './graph-input.ts';

/** Some rows of one tower's tokens, named as the item tower reads them. */
export interface TowerChunk {
  inputs: BatchInputs;
  /** Of the first row, in the whole tower. */
  first: number;
  rows: number;
}

/** The tokens of a tower in parts of at most `size` rows. */
export function chunkTower(batch: BatchInputs, tower: TowerName, size: number): TowerChunk[] {
  const prefix = towerValue(tower, '');
  const own = Object.entries(batch).filter(([name]) => name.startsWith(prefix));
  const total = own[0]?.[1].dims[0] ?? 0;
  return Array.from({ length: Math.ceil(total / size) }, (_, at) => {
    const first = at * size;
    const rows = Math.min(size, total - first);
    const inputs = own.map(([name, input]) => [
      towerValue('item', name.slice(prefix.length)),
      takeRows(input, { first, rows }),
    ]);
    return { inputs: Object.fromEntries(inputs), first, rows };
  });
}

function takeRows(input: GraphInput, { first, rows }: { first: number; rows: number }): GraphInput {
  const [, ...rest] = input.dims;
  const width = rest.reduce((product, size) => product * size, 1);
  const [from, to] = [first * width, (first + rows) * width];
  return input.type === 'int64'
    ? { type: 'int64', dims: [rows, ...rest], values: input.values.slice(from, to) }
    : { type: 'float32', dims: [rows, ...rest], values: input.values.slice(from, to) };
}
