import type { ModelManifest, ValidationPoint, ValidationSet } from '@embedding-studio/contracts';
import { ndcgAt } from '../ranking/ranking-metrics.ts';
import type { TextTokenizer } from '../text/tokenizer.ts';
import { encodeAll } from './encode-texts.ts';
import { patchWeights } from './export-weights.ts';
import { packRows } from './fixed-rows.ts';
import type { GradientEngine } from './gradient-engine.ts';
import type { LoadedModel } from './model-folder.ts';
import { openSession, type SessionOptions } from './training-session.ts';

export interface StepValidation {
  /** Measures when another tenth of the way is done and time allows it. */
  afterStep(step: number, stepsTotal: number): Promise<void>;
}

export interface ValidationParts {
  set: ValidationSet;
  model: LoadedModel;
  engine: GradientEngine;
  tokenizer: TextTokenizer;
  session: SessionOptions;
  now(): number;
  onPoint(point: ValidationPoint): void;
}

/** Of the time of a run; what would cost more is skipped. */
const timeShareMax = 0.05;

/** Ranks a few held-out queries by the weights as they are now. Reads them only: training goes on as without it. */
export function createStepValidation(parts: ValidationParts): StepValidation {
  const started = parts.now();
  let tenthsDone = -1;
  let spent = 0;
  let last = 0;
  return {
    afterStep: async (step, stepsTotal) => {
      const tenths = Math.floor((10 * step) / Math.max(1, stepsTotal));
      const isEnd = step >= stepsTotal;
      if (tenths <= tenthsDone) return;
      const at = parts.now();
      if (!isEnd && tenths > 0 && spent + last > timeShareMax * (at - started)) return;
      tenthsDone = tenths;
      parts.onPoint({ step, ndcg10: await measure(parts) });
      last = parts.now() - at;
      spent += last;
    },
  };
}

async function measure({ set, model, engine, tokenizer, session: options }: ValidationParts): Promise<number> {
  const onnx = patchWeights(model.onnx, { tensors: engine.tensors, adapters: engine.forward.adapters });
  const { session } = await openSession(onnx, { ...options, executionProviders: [engine.executionProvider] });
  try {
    const encoder = { session, tokenizer, manifest: model.manifest };
    const host = { isAborted: () => false, onProgress: () => undefined };
    const itemIds = Object.keys(set.itemTexts);
    const texts = set.queries.map(({ text }) => text);
    const queries = await encodeAll(encoder, { texts, kind: 'query' }, host);
    const items = set.itemRows
      ? packRows(itemIds, set.itemRows)
      : await encodeAll(encoder, { texts: Object.values(set.itemTexts), kind: 'item' }, host);
    return meanNdcg(set, { itemIds, queries, items, dims: model.manifest.dims });
  } finally {
    await session.release();
  }
}

interface Encoded {
  itemIds: readonly string[];
  queries: Float32Array;
  items: Float32Array;
  dims: ModelManifest['dims'];
}

function meanNdcg(set: ValidationSet, { itemIds, queries, items, dims }: Encoded): number {
  const rowOf = new Map(itemIds.map((itemId, row) => [itemId, row]));
  const scores = set.queries.map(({ judged, relevant }, at) => {
    const query = queries.subarray(at * dims, (at + 1) * dims);
    const known = judged.filter((itemId) => rowOf.has(itemId));
    const cosines = new Map(known.map((itemId) => [itemId, dot(query, items, (rowOf.get(itemId) ?? 0) * dims)]));
    // Ids as tie-breaker: a list says nothing about the order of equals.
    known.sort((a, b) => (cosines.get(b) ?? 0) - (cosines.get(a) ?? 0) || (a < b ? -1 : 1));
    return ndcgAt(known, relevant);
  });
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

function dot(query: Float32Array, items: Float32Array, start: number): number {
  let sum = 0;
  for (let column = 0; column < query.length; column++)
    sum += (query[column] as number) * (items[start + column] as number);
  return sum;
}
