import type { ModelManifest } from '@embedding-studio/contracts';
import { ModelManifest as Manifest, StudioError } from '@embedding-studio/contracts';
import { requireTrainable } from '@embedding-studio/ml/autodiff';
import {
  encodeModel,
  type OnnxModel,
  opsetOf,
  readModelFile,
  requireTotal,
  widenHalf,
} from '@embedding-studio/ml/onnx';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { TextEncoderOptions } from '../encoders/build-text-encoder.ts';
import { attachPooling, type EncoderOutput } from './attach-pooling.ts';
import { invalidCheckpoint } from './checkpoint-layout.ts';

const oldestOpset = 11;
const newestOpset = 21;
const preferred = ['sentence_embedding', 'last_hidden_state', 'token_embeddings', 'text_embeds', 'pooler_output'];

interface SeenOutput {
  name: string;
  dims: readonly number[];
}

type TokenInput = ModelManifest['inputs'][number];

const knownInputs: readonly string[] = Manifest.shape.inputs.element.options;

function listInputs(model: OnnxModel): TokenInput[] {
  const stored = new Set(model.graph.initializer.map(({ name }) => name));
  const names = model.graph.input.flatMap(({ name = '' }) => (stored.has(name) ? [] : [name]));
  const unknown = names.filter((name) => !knownInputs.includes(name));
  if (unknown.length > 0)
    throw invalidCheckpoint(`its graph asks for ${unknown.join(', ')}; known inputs are ${knownInputs.join(', ')}`);
  if (!names.includes('input_ids') || !names.includes('attention_mask'))
    throw invalidCheckpoint('its graph has no input_ids and attention_mask');
  return names as TokenInput[];
}

/** What the graph really answers: shapes in files are often left open. */
async function tryOut(model: OnnxModel, inputs: readonly TokenInput[]): Promise<SeenOutput[]> {
  const bytes = encodeModel(model);
  const session = await InferenceSession.create(bytes, {
    logSeverityLevel: 3,
    graphOptimizationLevel: 'disabled',
  }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError('MODEL_INVALID', `ONNX Runtime refused the model: ${reason}`, { cause });
  });
  try {
    const ones = (value: bigint) => new Tensor('int64', new BigInt64Array(6).fill(value), [2, 3]);
    const feeds = inputs.map((name) => [name, ones(name === 'token_type_ids' ? 0n : 1n)] as const);
    const results = await session.run(Object.fromEntries(feeds));
    return session.outputNames.flatMap((name) => {
      const found = results[name];
      return found?.type === 'float32' ? [{ name, dims: found.dims.map(Number) }] : [];
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError('MODEL_INVALID', `The model cannot be run on three tokens: ${reason}`, { cause });
  } finally {
    await session.release();
  }
}

function chooseOutput(seen: readonly SeenOutput[]): EncoderOutput & { dims: number } {
  const usable = seen.filter(
    ({ dims }) => dims[0] === 2 && (dims.length === 2 || (dims.length === 3 && dims[1] === 3)),
  );
  const ranked = [...usable].sort((a, b) => rankOf(a.name) - rankOf(b.name) || b.dims.length - a.dims.length);
  const [best] = ranked;
  if (!best) throw invalidCheckpoint('its graph gives neither vectors of tokens nor vectors of texts');
  return { name: best.name, rank: best.dims.length === 3 ? 3 : 2, dims: best.dims.at(-1) ?? 0 };
}

function rankOf(name: string): number {
  const at = preferred.indexOf(name);
  return at < 0 ? preferred.length : at;
}

export interface ConvertedOnnx {
  onnx: OnnxModel;
  inputs: TokenInput[];
  dims: number;
  notes: string[];
}

/**
 * An export as this product keeps it: one file in float32 with pooling and unit length inside, in its own operator set.
 * Fused operators stay: the same file is served, and training takes them apart.
 * @throws StudioError MODEL_INVALID or GRAPH_UNSUPPORTED saying what is in the way and what to do.
 */
export async function convertOnnx(file: string, options: TextEncoderOptions): Promise<ConvertedOnnx> {
  const read = await readModelFile(file);
  const opset = opsetOf(read);
  if (opset < oldestOpset || opset > newestOpset)
    throw invalidCheckpoint(`it uses opset ${opset}; supported are ${oldestOpset} to ${newestOpset}: export it again`);
  const wide = widenHalf(read);
  requireTrainable(wide.graph);
  requireTotal(wide.graph.initializer.reduce((sum, { rawData }) => sum + (rawData?.length ?? 0), 0));
  const inputs = listInputs(wide);
  const output = chooseOutput(await tryOut(wide, inputs));
  const last = output.rank === 3 ? options.dense.at(-1) : undefined;
  const dims = last?.outer ?? output.dims;
  const onnx = attachPooling(wide, output, { options, dims });
  const kept = new Set(onnx.graph.input.map(({ name }) => name));
  const fused = [
    ...new Set(read.graph.node.flatMap(({ domain, opType = '' }) => (domain === 'com.microsoft' ? [opType] : []))),
  ];
  return {
    onnx,
    inputs: inputs.filter((name) => kept.has(name)),
    dims,
    notes: [
      `opset ${opset}, vectors from ${output.name}${output.rank === 3 ? ` by ${options.pooling}` : ''}`,
      ...(wide === read ? [] : ['16-bit values were widened to float32, for training and serving alike']),
      ...(fused.length > 0 ? [`fused operators, taken apart for training: ${fused.sort().join(', ')}`] : []),
    ],
  };
}
