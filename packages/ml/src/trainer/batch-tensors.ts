import type { LossSpec, ModelManifest } from '@embedding-studio/contracts';
import type { TextTokenizer, TokenBatch } from '../text/tokenizer.ts';
import type { BaseRows } from './base-teacher.ts';
import { type BatchRows, lossInputs } from './batch-losses.ts';
import type { Visit } from './batch-plan.ts';
import type { TowerName } from './encoder-graph.ts';
import { towerValue } from './encoder-graph.ts';
import type { ExampleSet } from './examples.ts';
import { rowInputs } from './fixed-rows.ts';
import type { BatchInputs, GraphInput } from './graph-input.ts';

export type { BatchInputs, GraphInput } from './graph-input.ts';

export interface BatchTensorSource {
  set: ExampleSet;
  loss: LossSpec;
  manifest: Pick<ModelManifest, 'inputs' | 'output' | 'queryPrefix' | 'itemPrefix'>;
  tokenizer: TextTokenizer;
  /** What the base model says of this step's texts; needed by losses that compare with it. */
  base?: BaseRows;
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
  const scales = { click: 1 / total, query: 1 / visits.length, batch: 1 / group.length };
  return group.map((batch, at) => {
    const rows = indexBatch(batch, { set: source.set, anchors: source.base?.anchors[at] ?? [] });
    return { ...encodeRows(rows, source, cache), ...lossInputs(batch, { rows, source, scales }) };
  });
}

function indexBatch(
  visits: readonly Visit[],
  { set, anchors }: { set: ExampleSet; anchors: readonly string[] },
): BatchRows {
  const queryTexts = [...new Set(visits.map(({ text }) => text))];
  const itemIds = visits.flatMap(({ positives, others, negatives }) => [
    ...[...positives, ...others].map((item) => item.itemId),
    ...negatives,
  ]);
  const rowOfText = new Map<string, number>();
  const rowOf = (text: string): number => {
    const row = rowOfText.get(text) ?? rowOfText.size;
    rowOfText.set(text, row);
    return row;
  };
  const rowOfItem = new Map(itemIds.map((itemId) => [itemId, rowOf(set.textOf(itemId))]));
  const clickable = rowOfText.size;
  const anchorRows = anchors.map(rowOf);
  const queries = new Map(queryTexts.map((text, at) => [text, at]));
  return {
    ...{ queryTexts, anchorRows, itemTexts: [...rowOfText.keys()] },
    query: (visit) => queries.get(visit.text) ?? 0,
    item: (itemId) => rowOfItem.get(itemId) ?? 0,
    clickedRows: (key) =>
      [...rowOfItem].filter(([itemId]) => set.clickedByKey.get(key)?.has(itemId)).map(([, row]) => row),
    anchorOnly: Array.from({ length: rowOfText.size - clickable }, (_, at) => clickable + at),
  };
}

function encodeRows(rows: BatchRows, source: BatchTensorSource, cache: TokenCache): BatchInputs {
  const { manifest, tokenizer } = source;
  const tokens = (text: string) => {
    const known = cache.get(text) ?? tokenizer.tokenize(text);
    cache.set(text, known);
    return known;
  };
  const queryTokens = tokenizer.padRows(rows.queryTexts.map((text) => tokens(manifest.queryPrefix + text)));
  const queries = tokenInputs('query', queryTokens, manifest.inputs);
  const { rowOf } = source.set;
  if (rowOf !== null) return { ...queries, ...rowInputs(rows.itemTexts, { output: manifest.output, rowOf }) };
  const itemTokens = tokenizer.padRows(rows.itemTexts.map((text) => tokens(manifest.itemPrefix + text)));
  return { ...queries, ...tokenInputs('item', itemTokens, manifest.inputs) };
}

export function tokenInputs(tower: TowerName, batch: TokenBatch, inputs: ModelManifest['inputs']): BatchInputs {
  const arrays = { input_ids: batch.inputIds, attention_mask: batch.attentionMask, token_type_ids: batch.tokenTypeIds };
  const dims = [batch.rows, batch.columns];
  return Object.fromEntries(
    inputs.map((name) => [towerValue(tower, name), { type: 'int64', dims, values: arrays[name] } satisfies GraphInput]),
  );
}
