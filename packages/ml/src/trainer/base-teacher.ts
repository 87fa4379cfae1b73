import { type LossSpec, type ModelManifest, StudioError } from '@embedding-studio/contracts';
import type { Visit } from './batch-plan.ts';
import { encodeAll, type OpenEncoder } from './encode-texts.ts';
import type { ExampleSet } from './examples.ts';
import type { FindRow } from './fixed-rows.ts';
import { isOn } from './loss-heads.ts';
import { createSeededRandom } from './seeded-random.ts';

/** What the base model says of the texts of one step. */
export interface BaseRows {
  /** Anchor texts of each micro-batch. */
  anchors: readonly (readonly string[])[];
  /** Unit vector of a text of this step. */
  item(text: string): Float32Array;
  /** Cosines of a query of this step with the given item texts. */
  scores(query: string, itemTexts: readonly string[]): number[];
}

/** The base model at work beside training: each distinct text is encoded once while its vector fits the memory. */
export interface BaseTeacher {
  prepare(group: readonly (readonly Visit[])[], step: number): Promise<BaseRows>;
}

export interface BaseTeacherParts {
  /** The untrained model; texts are cut as training cuts them. */
  encoder: Pick<OpenEncoder, 'session' | 'tokenizer'> & { manifest: ModelManifest };
  set: ExampleSet;
  loss: LossSpec;
  seed: number;
  /** Texts that no click is about: some of them join every micro-batch. */
  anchorTexts: readonly string[];
  /** Vectors kept, bytes. */
  bytesMax?: number;
}

const defaultBytes = 64 * 1024 * 1024;
const defaultAnchorTexts = 16;

export const needsBase = ({ guide, distill, anchor }: LossSpec): boolean =>
  guide === true || isOn(distill) || isOn(anchor);

export function createBaseTeacher(parts: BaseTeacherParts): BaseTeacher {
  const { encoder, set, loss, anchorTexts } = parts;
  const perVector = encoder.manifest.dims * Float32Array.BYTES_PER_ELEMENT;
  const vectorsMax = Math.max(1, Math.floor((parts.bytesMax ?? defaultBytes) / perVector));
  const queries = createVectorCache(encoder, 'query', vectorsMax);
  const items = createVectorCache(encoder, 'item', vectorsMax);
  const isScored = loss.guide === true || isOn(loss.distill);
  const wanted = isOn(loss.anchor) ? (loss.anchorTexts ?? defaultAnchorTexts) : 0;
  return {
    prepare: async (group, step) => {
      const anchors = group.map((_, at) => drawTexts(anchorTexts, wanted, [parts.seed, step, at]));
      const visits = isScored ? group.flat() : [];
      const scored = visits.flatMap(({ positives, others, negatives }) => [
        ...[...positives, ...others].map(({ itemId }) => set.textOf(itemId)),
        ...negatives.map(set.textOf),
      ]);
      const queryOf = await queries.load(visits.map(({ text }) => text));
      const item = set.rowOf ? requireRow(set.rowOf) : await items.load([...scored, ...anchors.flat()]);
      const scores = (query: string, texts: readonly string[]) => {
        const vector = queryOf(query);
        return texts.map((text) => dot(vector, item(text)));
      };
      return { anchors, item, scores };
    },
  };
}

const requireRow =
  (rowOf: FindRow) =>
  (itemId: string): Float32Array => {
    const row = rowOf(itemId);
    if (row === undefined) throw new StudioError('INTERNAL', 'An item of the step has no row');
    return row;
  };

interface VectorCache {
  load(texts: readonly string[]): Promise<(text: string) => Float32Array>;
}

/** Keeps the vectors used last. */
function createVectorCache(encoder: OpenEncoder, kind: 'query' | 'item', vectorsMax: number): VectorCache {
  const kept = new Map<string, Float32Array>();
  const host = { isAborted: () => false, onProgress: () => undefined };
  return {
    load: async (texts) => {
      const wanted = new Set(texts);
      const missing = [...wanted].filter((text) => !kept.has(text));
      const { dims } = encoder.manifest;
      const found = missing.length > 0 ? await encodeAll(encoder, { texts: missing, kind }, host) : new Float32Array();
      const step = new Map<string, Float32Array>(
        missing.map((text, at) => [text, found.slice(at * dims, (at + 1) * dims)]),
      );
      for (const text of wanted) {
        const vector = step.get(text) ?? kept.get(text);
        if (vector === undefined) continue;
        step.set(text, vector);
        kept.delete(text);
        kept.set(text, vector);
      }
      for (const text of kept.keys()) {
        if (kept.size <= vectorsMax) break;
        kept.delete(text);
      }
      return (text) => {
        const vector = step.get(text);
        if (vector === undefined) throw new StudioError('INTERNAL', 'A text of the step was not encoded by the base');
        return vector;
      };
    },
  };
}

/** Distinct texts, the same for the same seeds. */
function drawTexts(texts: readonly string[], count: number, seeds: readonly number[]): string[] {
  const random = createSeededRandom(...seeds, 4_093);
  const drawn = new Set<string>();
  for (let tries = 0; drawn.size < count && tries < 4 * count && texts.length > 0; tries += 1) {
    const text = texts[random.below(texts.length)];
    if (text !== undefined) drawn.add(text);
  }
  return [...drawn];
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += (left[at] as number) * (right[at] as number);
  return sum;
}
