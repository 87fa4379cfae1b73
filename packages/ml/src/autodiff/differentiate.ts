import {
  dataTypes,
  domainOf,
  elementCount,
  graphUnsupported,
  makeValueInfo,
  modelInvalid,
  type OnnxGraph,
  type OnnxModel,
  type OnnxTensor,
  type OnnxValueInfo,
} from '../onnx/index.ts';
import { GradientContext } from './gradient-context.ts';
import { GradientSums } from './gradient-sums.ts';
import { createBuilder, producersOf, pruneGraph, sortNodes } from './graph-values.ts';
import { type GradientPlan, planGradients } from './plan-gradients.ts';
import { prepareModel } from './prepare-model.ts';
import { type ProbedValue, probeShapes } from './probe-shapes.ts';
import { findRule } from './rules/index.ts';
import type { Feeds } from './runtime-session.ts';

export interface DifferentiateOptions {
  /** A model whose graph computes the loss; best one that `prepareModel` made before the loss was appended. */
  readonly model: OnnxModel;
  /** Name of the loss value: float32, one element. */
  readonly loss: string;
  /** Names of float32 initializers. */
  readonly trainable: readonly string[];
  /** Inputs of two small runs that differ in every size that may vary, with no varying size of 1. */
  readonly probes: readonly [Feeds, Feeds];
  /** Further values the training graph shall output. */
  readonly keep?: readonly string[];
  /** Trainable tables read by Gather: their gradients come as rows and row numbers, not as a whole table. */
  readonly sparse?: readonly string[];
}

export interface SparseGradient {
  readonly name: string;
  /** Output with the row numbers: int, one axis. */
  readonly indices: string;
  /** Output with one gradient row per row number; rows of the same number add up. */
  readonly rows: string;
}

export interface TrainingGraph {
  /** Inputs: those of the model, then every trainable weight. Outputs: `loss`, `grad:<weight>`, then the kept ones. */
  readonly model: OnnxModel;
  /** One output per densely trained weight, with the weight's dims. */
  readonly gradients: readonly { readonly name: string; readonly dims: readonly number[] }[];
  readonly sparse: readonly SparseGradient[];
  /** The trainable weights with the values they start from. */
  readonly parameters: Map<string, OnnxTensor>;
}

/**
 * Adds the backward pass to a model. The result uses standard operators only and serves every batch and sequence size.
 * @throws StudioError GRAPH_UNSUPPORTED naming the operator and node that has no gradient; MODEL_INVALID for unknown
 * names or missing inputs.
 */
export async function differentiate(options: DifferentiateOptions): Promise<TrainingGraph> {
  const model = prepareModel(withOutputs(options));
  const graph = { ...model.graph, node: copyNodes(model.graph) };
  const plan = planGradients(graph, options.loss, options.trainable);
  const probed = await probeShapes(model, valuesOf(graph, plan), options.probes);
  requireFloat(plan, probed);
  const builder = createBuilder(graph, 'grad');
  const initializers = new Map(graph.initializer.map((tensor) => [tensor.name ?? '', tensor]));
  const sparse = new Set(options.sparse);
  const ctx = new GradientContext({ graph: builder, initializers, probed, wanted: plan.wanted, sparse });
  const sums = sweep(ctx, plan, options.loss);
  const outputs = collectOutputs(ctx, { plan, sums, sparse });
  const final = addLoss(ctx, options.loss);
  return {
    model: assemble({ model, graph, plan, ctx, outputs: [final, ...outputs.values, ...keptOutputs(options)] }),
    gradients: outputs.gradients,
    sparse: outputs.sparse,
    parameters: new Map(plan.parameters),
  };
}

// Naming the wanted values as outputs first keeps fusion from dropping them.
function withOutputs({ model, loss, keep = [] }: DifferentiateOptions): OnnxModel {
  const made = producersOf(model.graph);
  const unknown = [loss, ...keep].find((name) => !made.has(name));
  if (unknown !== undefined) throw modelInvalid(`The graph computes no value named ${unknown}`);
  return { ...model, graph: { ...model.graph, output: [...new Set([loss, ...keep])].map((name) => ({ name })) } };
}

function keptOutputs({ loss, keep = [] }: DifferentiateOptions): OnnxValueInfo[] {
  return [...new Set(keep)].filter((name) => name !== loss).map((name) => ({ name }));
}

// Rules may add outputs to forward nodes, so they get nodes of their own.
function copyNodes(graph: OnnxGraph): OnnxGraph['node'] {
  return sortNodes(graph).map((node) => ({ ...node, input: [...node.input], output: [...node.output] }));
}

function valuesOf(graph: OnnxGraph, plan: GradientPlan): Set<string> {
  const stored = new Set(graph.initializer.map((tensor) => tensor.name ?? ''));
  const named = plan.path.flatMap((node) => [...node.input, ...node.output]);
  return new Set(named.filter((name) => name && !stored.has(name)));
}

function requireFloat({ path, wanted }: GradientPlan, probed: ReadonlyMap<string, ProbedValue>): void {
  for (const name of path.flatMap((node) => node.output)) {
    const type = probed.get(name)?.type;
    if (!wanted.has(name) || type === 'float32') continue;
    throw graphUnsupported(`Value ${name} is ${type}: trained parts of a model must be float32`);
  }
}

function sweep(ctx: GradientContext, plan: GradientPlan, loss: string): GradientSums {
  const dims = ctx.dims(loss);
  if (elementCount(dims) !== 1) throw modelInvalid(`The loss ${loss} must be one number, not [${dims.join(', ')}]`);
  const sums = new GradientSums(ctx.graph);
  const one = ctx.graph.float(1);
  sums.put(loss, dims.length === 0 ? one : ctx.reshapeLike(one, loss));
  for (const node of [...plan.path].reverse()) {
    const incoming = node.output.map((name) => (name ? sums.total(name) : undefined));
    if (incoming.every((gradient) => gradient === undefined)) continue;
    const gradients = findRule(node)?.(ctx, node, incoming) ?? [];
    gradients.forEach((gradient, i) => {
      const input = node.input[i];
      if (gradient !== undefined && input && ctx.needs(input)) sums.put(input, gradient);
    });
  }
  return sums;
}

interface GradientOutputs {
  readonly values: OnnxValueInfo[];
  readonly gradients: { name: string; dims: readonly number[] }[];
  readonly sparse: SparseGradient[];
}

function collectOutputs(
  ctx: GradientContext,
  { plan, sums, sparse }: { plan: GradientPlan; sums: GradientSums; sparse: ReadonlySet<string> },
): GradientOutputs {
  const outputs: GradientOutputs = { values: [], gradients: [], sparse: [] };
  for (const [name, tensor] of plan.parameters) {
    const total = sums.total(name);
    if (sparse.has(name)) {
      if (total !== undefined)
        throw graphUnsupported(`Table ${name} is read by more than Gather and needs a dense gradient`);
      continue;
    }
    if (total === undefined) throw graphUnsupported(`No gradient reaches the weight ${name}`);
    ctx.graph.op('Identity', [total], { output: `grad:${name}` });
    outputs.values.push(makeValueInfo(`grad:${name}`, dataTypes.float, tensor.dims));
    outputs.gradients.push({ name, dims: tensor.dims });
  }
  for (const [i, gradient] of ctx.rowGradients.entries()) addSparseOutput(ctx, { gradient, i, outputs });
  return outputs;
}

function addSparseOutput(
  ctx: GradientContext,
  at: { gradient: GradientContext['rowGradients'][number]; i: number; outputs: GradientOutputs },
): void {
  const { table } = at.gradient;
  const indices = `ids:${table}:${at.i}`;
  const rows = `rows:${table}:${at.i}`;
  const width = ctx.dims(table)[1] ?? 0;
  ctx.graph.op('Reshape', [at.gradient.indices, ctx.graph.int([-1])], { output: indices });
  ctx.graph.op('Reshape', [at.gradient.rows, ctx.graph.int([-1, width])], { output: rows });
  at.outputs.values.push({ name: indices }, { name: rows });
  at.outputs.sparse.push({ name: table, indices, rows });
}

function addLoss(ctx: GradientContext, loss: string): OnnxValueInfo {
  if (loss !== 'loss') ctx.graph.op('Identity', [loss], { output: 'loss' });
  return { name: 'loss' };
}

function assemble(parts: {
  model: OnnxModel;
  graph: OnnxGraph;
  plan: GradientPlan;
  ctx: GradientContext;
  outputs: OnnxValueInfo[];
}): OnnxModel {
  const { graph, plan, ctx } = parts;
  const stored = new Set(graph.initializer.map((tensor) => tensor.name));
  const frozen = graph.initializer.filter((tensor) => !plan.parameters.has(tensor.name ?? ''));
  const weights = [...plan.parameters].map(([name, tensor]) => makeValueInfo(name, dataTypes.float, tensor.dims));
  const whole = pruneGraph({
    ...graph,
    node: [...graph.node, ...ctx.graph.nodes],
    initializer: [...frozen, ...ctx.graph.initializers],
    input: [...graph.input.filter((input) => !stored.has(input.name)), ...weights],
    output: parts.outputs,
  });
  const used = new Set(whole.node.map(domainOf));
  return {
    ...parts.model,
    opsetImport: parts.model.opsetImport.filter((item) => used.has(domainOf(item))),
    graph: whole,
  };
}
