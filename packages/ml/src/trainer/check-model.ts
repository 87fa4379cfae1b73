import { type ModelCheck, type ModelManifest, StudioError } from '@embedding-studio/contracts';
import type { InferenceSession } from 'onnxruntime-node';
import { loadTokenizer, type TokenBatch } from '../text/tokenizer.ts';
import { planEpoch } from './batch-plan.ts';
import { type BatchInputs, type BatchTensorSource, createBatchInputs } from './batch-tensors.ts';
import { encodeTokens } from './encode-texts.ts';
import { prepareExamples } from './examples.ts';
import { createGradientEngine, type GradientEngine } from './gradient-engine.ts';
import { type LoadedModel, loadModelFolder } from './model-folder.ts';
import { createSeededRandom } from './seeded-random.ts';
import { openSession } from './training-session.ts';

export interface CheckHost {
  isAborted(): boolean;
  warn(fields: Record<string, unknown>, message: string): void;
}

const loss = { kind: 'contrastive', temperature: 0.2, negativesPerQuery: 1 } as const;
const lengthTolerance = 1e-3;
const paddingTolerance = 1e-3;
const directions = 3;
const slopeTolerance = 0.05;
/** Float32 sums over a whole encoder leave about this much noise in a loss. */
const lossNoise = 4e-6;

const probes = {
  queries: ['red leather shoes', 'a film about a lost dog', 'usb charger', 'wooden chair for a small kitchen'],
  items: [
    'Ladies shoes in crimson leather.',
    'The dog who came home. Drama, 1994.',
    'Fast charger with two ports, white.',
    'Oak chair.',
  ],
};

/**
 * Holds a model to what training and serving rely on: files match the manifest, vectors are finite, of unit length and
 * of the stated dims, equal on a second run and with or without padding, and exact gradients agree with differences of
 * the loss in random directions, at one and at two threads.
 * @throws StudioError MODEL_INVALID with the reason, GRAPH_UNSUPPORTED when it cannot be trained, ABORTED.
 */
export async function checkModel(modelFolder: string, host: CheckHost): Promise<ModelCheck> {
  const model = loadModelFolder(modelFolder);
  const vectors = await checkVectors(model, host);
  const gradients: ModelCheck['gradients'] = [];
  for (const threads of [1, 2]) gradients.push(...(await checkGradients(model, { threads, host })));
  return { dims: model.manifest.dims, ...vectors, gradients };
}

function invalid(reason: string): StudioError {
  return new StudioError('MODEL_INVALID', `The model failed its self-check: ${reason}`);
}

function stopWhenAborted(host: CheckHost): void {
  if (host.isAborted()) throw new StudioError('ABORTED', 'The self-check was aborted');
}

async function checkVectors(
  { manifest, onnx, tokenizerJson }: LoadedModel,
  host: CheckHost,
): Promise<Pick<ModelCheck, 'texts' | 'paddingDifference'>> {
  const { session } = await openSession(onnx, { threads: 1, executionProviders: ['cpu'], warn: host.warn });
  try {
    const tokenizer = loadTokenizer(tokenizerJson, { maxTokens: manifest.maxTokens });
    const texts = [...probes.queries, ...probes.items];
    const encode = (batch: TokenBatch) => encodeTokens(session, batch, manifest);
    requireSignature(session, manifest);
    const first = await encode(tokenizer.encodeBatch(texts));
    requireUnitLength(first, manifest.dims);
    const second = await encode(tokenizer.encodeBatch(texts));
    if (first.some((value, at) => value !== second[at])) throw invalid('two runs over the same texts differ');
    const alone = await encode(tokenizer.encodeBatch([texts[0] ?? '']));
    const moved = alone.reduce((most, value, at) => Math.max(most, Math.abs(value - (first[at] ?? 0))), 0);
    if (moved > paddingTolerance)
      throw invalid(`padding changes a vector by ${moved.toFixed(4)}: the attention mask is not respected`);
    return { texts: texts.length, paddingDifference: moved };
  } finally {
    await session.release();
  }
}

function requireSignature(session: InferenceSession, manifest: ModelManifest): void {
  const missing = session.inputNames.filter((name) => !manifest.inputs.some((input) => input === name));
  if (missing.length > 0)
    throw invalid(`the graph needs inputs that the manifest does not list: ${missing.join(', ')}`);
  const unknown = manifest.inputs.filter((name) => !session.inputNames.includes(name));
  if (unknown.length > 0) throw invalid(`the graph has no input named ${unknown.join(', ')}`);
  if (!session.outputNames.includes(manifest.output)) throw invalid(`the graph has no output named ${manifest.output}`);
}

function requireUnitLength(vectors: Float32Array, dims: number): void {
  for (let at = 0; at < vectors.length; at += dims) {
    const length = Math.hypot(...vectors.subarray(at, at + dims));
    if (Math.abs(length - 1) > lengthTolerance) throw invalid(`a vector has length ${length.toFixed(4)} instead of 1`);
  }
}

async function checkGradients(
  model: LoadedModel,
  { threads, host }: { threads: number; host: CheckHost },
): Promise<ModelCheck['gradients']> {
  const { manifest } = model;
  const options = { manifest, loss, trainable: { kind: 'all' }, seed: 1 } as const;
  const engine = await createGradientEngine(model.onnx, options, {
    threads,
    executionProviders: ['cpu'],
    warn: host.warn,
  });
  try {
    const batch = createProbeBatch(model);
    await engine.run(batch);
    const exact = engine.gradients.map((gradient) => Float32Array.from(gradient));
    const found: ModelCheck['gradients'] = [];
    for (let seed = 0; seed < directions; seed += 1) {
      stopWhenAborted(host);
      const { expected, measured, width } = await measureSlope(engine, { batch, exact, seed });
      found.push({ threads, expected, measured });
      if (Math.abs(measured - expected) <= slopeTolerance * expected + lossNoise / width) continue;
      throw invalid(
        `at ${threads} threads the gradient says ${expected.toPrecision(4)} where the loss moves by ${measured.toPrecision(4)}`,
      );
    }
    return found;
  } finally {
    await engine.release();
  }
}

function createProbeBatch({ manifest, tokenizerJson }: LoadedModel): BatchInputs {
  const itemTexts = Object.fromEntries(probes.items.map((text, at) => [`item-${at}`, text]));
  const queries = probes.queries.map((text, at) => ({
    queryId: `query-${at}`,
    text,
    clicked: [{ itemId: `item-${at}`, weight: 1 }],
    skipped: [`item-${(at + 1) % probes.items.length}`],
  }));
  const set = prepareExamples({ queries, itemTexts }, { needsSkipped: false });
  const tokenizer = loadTokenizer(tokenizerJson, { maxTokens: Math.min(32, manifest.maxTokens) });
  const source: BatchTensorSource = { set, loss, manifest, tokenizer };
  const group = planEpoch(set, 0, { seed: 1, batchQueries: queries.length, loss });
  return createBatchInputs(group, source, new Map())[0] ?? {};
}

/**
 * Slope of the loss along the gradient, restricted to a random half of the tensors (odd seeds take the other half): a
 * wrong gradient of any tensor shows, and the slope is large enough for float32; in a blind direction it would drown.
 */
export async function measureSlope(
  engine: GradientEngine,
  { batch, exact, seed }: { batch: BatchInputs; exact: readonly Float32Array[]; seed: number },
): Promise<{ expected: number; measured: number; width: number }> {
  const random = createSeededRandom(seed >> 1, 77);
  const isOther = seed % 2 === 1;
  const chosen = exact.map((gradient) =>
    random.next() < 0.5 === isOther ? gradient : new Float32Array(gradient.length),
  );
  const direction = chosen.some((gradient) => gradient.some((value) => value !== 0)) ? chosen : exact;
  const norm = Math.sqrt(direction.reduce((sum, gradient) => sum + gradient.reduce((part, g) => part + g * g, 0), 0));
  if (norm === 0) return { expected: 0, measured: 0, width: 1 };
  const width = stepWidth(engine, norm);
  const before = engine.tensors.map((tensor) => Float32Array.from(tensor.values));
  const lossAt = async (share: number): Promise<number> => {
    engine.tensors.forEach((tensor, at) => {
      const from = before[at];
      const along = direction[at];
      if (!from || !along) return;
      for (let i = 0; i < from.length; i += 1)
        tensor.values[i] = (from[i] as number) + (share * (along[i] as number)) / norm;
    });
    return (await engine.run(batch)).loss;
  };
  const measured = ((await lossAt(width)) - (await lossAt(-width))) / (2 * width);
  engine.tensors.forEach((tensor, at) => {
    tensor.values.set(before[at] ?? tensor.values);
  });
  return { expected: norm, measured, width };
}

// Large enough that the loss moves by about a hundredth, small enough to stay near the tangent.
function stepWidth(engine: GradientEngine, slope: number): number {
  const size = Math.sqrt(
    engine.tensors.reduce((sum, { values }) => sum + values.reduce((part, w) => part + w * w, 0), 0),
  );
  return Math.min(0.01 / slope, 0.002 * size);
}
