import { type LossSpec, type ModelManifest, StudioError, type TrainablePart } from '@embedding-studio/contracts';
import { prepareModel } from '../autodiff/index.ts';
import {
  dataTypes,
  decodeModel,
  makeValueInfo,
  type OnnxGraph,
  type OnnxModel,
  type OnnxValueInfo,
} from '../onnx/index.ts';
import { instantiateTower, resolveAliases, towerValue } from './encoder-graph.ts';
import { findLayerWeights, type LayerWeight } from './find-layer-weights.ts';
import { peakRateFor } from './learning-rate.ts';
import { createLossHead } from './loss-heads.ts';
import { addAdapters, type LowRankAdapter } from './low-rank-adapters.ts';

/** Both towers and the loss in one forward graph, and which of its initializers are to be trained. */
export interface ForwardGraph {
  model: OnnxModel;
  trainable: string[];
  /** Empty unless the trainable part is LoRA. */
  adapters: LowRankAdapter[];
  /** What the loss reads besides the towers' rows. */
  head: OnnxValueInfo[];
  /** Scalars kept besides the loss. */
  outputs: string[];
  /** For settings that leave the learning rate open. */
  peakLearningRate: number;
}

export interface ForwardGraphOptions {
  manifest: Pick<ModelManifest, 'inputs' | 'output'> & { dims?: number };
  loss: LossSpec;
  trainable: TrainablePart;
  /** Items come as rows that stay as they are: only the query tower is built. */
  hasFixedItems?: boolean;
  /** Seeds the adapters. */
  seed: number;
}

/**
 * Builds the graph that is differentiated: the encoder twice over shared weights (queries and items have their own
 * lengths) and the loss over the rows.
 * @throws StudioError GRAPH_UNSUPPORTED when no trainable weight is found or the graph cannot be copied.
 */
export function buildForwardGraph(file: Uint8Array, options: ForwardGraphOptions): ForwardGraph {
  const decoded = decodeModel(file);
  const model = prepareModel({ ...decoded, graph: resolveAliases(decoded.graph) });
  const { graph, trainable, adapters, layers } = chooseTrainable(model.graph, options);
  if (!graph.output.some((output) => output.name === options.manifest.output)) {
    throw new StudioError('MODEL_INVALID', `The graph has no output named ${options.manifest.output}`);
  }
  const query = instantiateTower(graph, 'query');
  const item = options.hasFixedItems ? fixedRows(options.manifest) : instantiateTower(graph, 'item');
  const head = createLossHead(options.loss, {
    query: towerValue('query', options.manifest.output),
    item: towerValue('item', options.manifest.output),
  });
  const joined: OnnxGraph = {
    name: 'training',
    node: [...query.node, ...item.node, ...head.nodes],
    initializer: [...graph.initializer, ...head.initializers],
    input: [...query.input, ...item.input, ...head.inputs],
    output: ['loss', ...head.outputs].map((name) => ({ name })),
    valueInfo: [],
  };
  const { hasFixedItems } = options;
  const peakLearningRate = peakRateFor({ layers, isAdapted: adapters.length > 0, hasFixedItems });
  const { inputs, outputs } = head;
  return { model: { ...model, graph: joined }, trainable, adapters, head: inputs, outputs, peakLearningRate };
}

/** The output of an item tower that is not there, as an input: nothing flows back through it. */
function fixedRows({ output, dims }: ForwardGraphOptions['manifest']): Pick<OnnxGraph, 'node' | 'input'> {
  return {
    node: [],
    input: [makeValueInfo(towerValue('item', output), dataTypes.float, ['item_rows', dims ?? 'dims'])],
  };
}

function chooseTrainable(graph: OnnxGraph, { trainable, seed }: ForwardGraphOptions) {
  const weights = findLayerWeights(graph);
  const layers = weights.reduce((count, weight) => Math.max(count, weight.layer + 1), 0);
  if (layers === 0)
    throw new StudioError('GRAPH_UNSUPPORTED', 'The graph has no weight matrix on the way from tokens to vector');
  if (trainable.kind === 'all') return { graph, trainable: names(weights), adapters: [], layers };
  const wanted = trainable.layers === 'all' ? layers : trainable.layers;
  const last = weights.filter((weight) => weight.layer >= layers - wanted);
  if (trainable.kind === 'lastLayers') return { graph, trainable: names(last), adapters: [], layers };
  const matrices = last.filter((weight) => weight.isMatrix);
  const adapted = addAdapters(graph, matrices, { rank: trainable.rank, alpha: trainable.alpha, seed });
  return { ...adapted, trainable: adapted.adapters.flatMap(({ down, up }) => [down, up]), layers };
}

const names = (weights: readonly LayerWeight[]): string[] => weights.map((weight) => weight.name);
