import type { LossSpec, ModelManifest } from '@embedding-studio/contracts';
import type { TextTokenizer, TokenBatch } from '../text/tokenizer.ts';
import type { Visit } from './batch-plan.ts';
import type { TowerName } from './encoder-graph.ts';
import { towerValue } from './encoder-graph.ts';
import type { ExampleSet } from './examples.ts';
import { maskedLogit } from './loss-heads.ts';

export type GraphInput =
  | { type: 'float32'; dims: number[]; values: Float32Array }
  | { type: 'int64'; dims: number[]; values: BigInt64Array };

/** One micro-batch as graph inputs by name. */
export type BatchInputs = Record<string, GraphInput>;

export interface BatchTensorSource {
  set: ExampleSet;
  loss: LossSpec;
  manifest: Pick<ModelManifest, 'inputs' | 'queryPrefix' | 'itemPrefix'>;
  tokenizer: TextTokenizer;
}

/** Token ids of a text, kept: clicks repeat queries and items. */
export type TokenCache = Map<string, number[]>;

/**
 * Makes graph inputs of micro-batches that share one optimiser step. Weights are scaled so that the losses of the
 * micro-batches add up to the weighted mean over the whole step, whatever their sizes.
 */
export function createBatchInputs(
  group: readonly Visit[][],
  source: BatchTensorSource,
  cache: TokenCache,
): BatchInputs[] {
  const visits = group.flat();
  const total = visits.reduce((sum, visit) => sum + (visit.positives[0]?.weight ?? 0), 0);
  const scale = source.loss.kind === 'contrastive' ? 1 / total : 1 / visits.length;
  return group.map((batch) => createOne(batch, { source, cache, scale }));
}

function createOne(
  visits: readonly Visit[],
  { source, cache, scale }: { source: BatchTensorSource; cache: TokenCache; scale: number },
): BatchInputs {
  const { set, manifest, tokenizer } = source;
  const items = indexTexts(
    visits.flatMap((visit) => [...visit.positives.map((item) => item.itemId), ...visit.negatives]),
    set,
  );
  const queries = new Map<string, number>();
  for (const visit of visits) if (!queries.has(visit.text)) queries.set(visit.text, queries.size);
  const tokens = (text: string) => {
    const known = cache.get(text) ?? tokenizer.tokenize(text);
    cache.set(text, known);
    return known;
  };
  const queryTokens = tokenizer.padRows([...queries.keys()].map((text) => tokens(manifest.queryPrefix + text)));
  const itemTokens = tokenizer.padRows(items.texts.map((text) => tokens(manifest.itemPrefix + text)));
  const rows: RowLookup = {
    query: (visit) => queries.get(visit.text) ?? 0,
    item: (itemId) => items.rows.get(itemId) ?? 0,
    itemCount: items.texts.length,
    rowsOfClicked: (key) =>
      [...items.rows].filter(([itemId]) => set.clickedByKey.get(key)?.has(itemId)).map(([, row]) => row),
  };
  const head = source.loss.kind === 'contrastive' ? contrastiveInputs : marginInputs;
  return {
    ...tokenInputs('query', queryTokens, manifest.inputs),
    ...tokenInputs('item', itemTokens, manifest.inputs),
    ...head(visits, rows, scale),
  };
}

interface RowLookup {
  query(visit: Visit): number;
  item(itemId: string): number;
  itemCount: number;
  /** Rows of this batch that were ever clicked for a query. */
  rowsOfClicked(key: string): number[];
}

function indexTexts(itemIds: readonly string[], set: ExampleSet): { rows: Map<string, number>; texts: string[] } {
  const rowOfText = new Map<string, number>();
  const rows = new Map<string, number>();
  for (const itemId of itemIds) {
    const text = set.textOf(itemId);
    const row = rowOfText.get(text) ?? rowOfText.size;
    rowOfText.set(text, row);
    rows.set(itemId, row);
  }
  return { rows, texts: [...rowOfText.keys()] };
}

export function tokenInputs(tower: TowerName, batch: TokenBatch, inputs: ModelManifest['inputs']): BatchInputs {
  const arrays = { input_ids: batch.inputIds, attention_mask: batch.attentionMask, token_type_ids: batch.tokenTypeIds };
  const dims = [batch.rows, batch.columns];
  return Object.fromEntries(
    inputs.map((name) => [towerValue(tower, name), { type: 'int64', dims, values: arrays[name] } satisfies GraphInput]),
  );
}

function contrastiveInputs(visits: readonly Visit[], rows: RowLookup, scale: number): BatchInputs {
  const mask = new Float32Array(visits.length * rows.itemCount);
  const positives = visits.map((visit) => rows.item(visit.positives[0]?.itemId ?? ''));
  visits.forEach((visit, at) => {
    for (const row of rows.rowsOfClicked(visit.key)) {
      if (row !== positives[at]) mask[at * rows.itemCount + row] = maskedLogit;
    }
  });
  return {
    query_rows: int64(visits.map(rows.query)),
    positive_rows: int64(positives),
    example_weights: column(visits.map((visit) => (visit.positives[0]?.weight ?? 0) * scale)),
    mask: { type: 'float32', dims: [visits.length, rows.itemCount], values: mask },
  };
}

function marginInputs(visits: readonly Visit[], rows: RowLookup, scale: number): BatchInputs {
  const pairs = visits.flatMap((visit) =>
    visit.positives.flatMap((positive) =>
      visit.negatives.map((negative) => ({
        query: rows.query(visit),
        positive: rows.item(positive.itemId),
        negative: rows.item(negative),
        weight: (positive.weight * scale) / (visit.positives.length * visit.negatives.length),
      })),
    ),
  );
  return {
    pair_queries: int64(pairs.map((pair) => pair.query)),
    pair_positives: int64(pairs.map((pair) => pair.positive)),
    pair_negatives: int64(pairs.map((pair) => pair.negative)),
    pair_weights: column(pairs.map((pair) => pair.weight)),
  };
}

function int64(values: readonly number[]): GraphInput {
  return { type: 'int64', dims: [values.length], values: BigInt64Array.from(values.map(BigInt)) };
}

function column(values: readonly number[]): GraphInput {
  return { type: 'float32', dims: [values.length, 1], values: Float32Array.from(values) };
}
