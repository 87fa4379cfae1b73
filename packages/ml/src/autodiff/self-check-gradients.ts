import { Tensor } from 'onnxruntime-node';
import { floatValues } from '../onnx/index.ts';
import type { TrainingGraph } from './differentiate.ts';
import { pruneGraph } from './graph-values.ts';
import { readGradients } from './read-gradients.ts';
import { type Feeds, withSession } from './runtime-session.ts';
import { createUniformSource } from './seeded-uniform.ts';

export interface SelfCheckOptions {
  readonly training: TrainingGraph;
  /** Inputs of a small run with a loss that is not flat there; the weights are added. */
  readonly feeds: Feeds;
  readonly seed: number;
  /** Largest relative error that passes. Default 0.05: float32 differences are noisy. */
  readonly tolerance?: number;
}

export interface DirectionCheck {
  readonly threads: number;
  /** Slope of the loss along the direction by the gradients. */
  readonly analytic: number;
  /** The same slope by central differences. */
  readonly numeric: number;
  /** Relative; Infinity when a value is not finite or the loss is flat. */
  readonly error: number;
}

export interface GradientCheck {
  readonly passed: boolean;
  readonly checks: readonly DirectionCheck[];
  /** Largest difference of a gradient between thread counts, relative to that gradient's size. */
  readonly threadDifference: number;
}

type Weights = Map<string, Float32Array>;

const directions = 3;
const threadCounts = [1, 2];
const steps = [1e-2, 3e-3, 1e-3];
/** An error at which smaller steps are not tried. */
const goodEnough = 0.005;

/**
 * Compares a training graph's gradients with finite differences of its loss along three random directions, at one and
 * two threads. Meant for the registration of a model, before it may be trained.
 */
export async function selfCheckGradients(options: SelfCheckOptions): Promise<GradientCheck> {
  const tolerance = options.tolerance ?? 0.05;
  const rounds: { checks: DirectionCheck[]; gradients: Weights }[] = [];
  for (const threads of threadCounts) rounds.push(await checkAtThreads(options, threads));
  const checks = rounds.flatMap((round) => round.checks);
  const threadDifference = compareRounds(rounds.map((round) => round.gradients));
  const passed = checks.every(({ error }) => error <= tolerance) && threadDifference <= tolerance;
  return { passed, checks, threadDifference };
}

async function checkAtThreads({ training, feeds, seed }: SelfCheckOptions, threads: number) {
  const weights: Weights = new Map([...training.parameters].map(([name, tensor]) => [name, floatValues(tensor)]));
  const tensors = Object.fromEntries(
    [...training.parameters].map(([name, { dims }]) => [name, new Tensor('float32', weights.get(name) ?? [], dims)]),
  );
  const inputs = { ...feeds, ...tensors };
  const runtime = { threads, optimization: 'all' } as const;
  const gradients = await withSession(training.model, runtime, async (run) =>
    readGradients(training, await run(inputs)),
  );
  const forward = pruneGraph({ ...training.model.graph, output: [{ name: 'loss' }] });
  return withSession({ ...training.model, graph: forward }, runtime, async (run) => {
    const loss = async () => Number((await run(inputs)).loss?.data[0]);
    const checks: DirectionCheck[] = [];
    for (let i = 0; i < directions; i += 1) {
      const direction = drawDirection(gradients, createUniformSource(seed + i));
      checks.push({ threads, ...(await checkDirection({ weights, gradients, direction, loss })) });
    }
    return { checks, gradients };
  });
}

/**
 * A random unit direction that leans towards the gradient: a purely random one is all but orthogonal to it in many
 * dimensions, and its slope would drown in rounding. Every weight gets a like share, so small ones count too.
 */
function drawDirection(gradients: Weights, uniform: () => number): Weights {
  const drawn = new Map(
    [...gradients].map(([name, gradient]) => {
      const spread = Math.sqrt(sumSquares(gradient) / gradient.length) || 1;
      const values = gradient.map((slope) => slope * uniform() + spread * (uniform() - 0.5));
      return [name, scaled(values, (0.5 + uniform()) / Math.sqrt(sumSquares(values)))] as const;
    }),
  );
  const length = Math.sqrt([...drawn.values()].reduce((total, values) => total + sumSquares(values), 0));
  return new Map([...drawn].map(([name, values]) => [name, scaled(values, 1 / length)]));
}

interface Probe {
  readonly weights: Weights;
  readonly gradients: Weights;
  readonly direction: Weights;
  readonly loss: () => Promise<number>;
}

async function checkDirection(probe: Probe): Promise<Omit<DirectionCheck, 'threads'>> {
  const analytic = [...probe.gradients].reduce(
    (total, [name, slope]) => total + dot(slope, probe.direction.get(name)),
    0,
  );
  let best = { analytic, numeric: Number.NaN, error: Number.POSITIVE_INFINITY };
  for (const step of steps) {
    const numeric = await slopeAlong(probe, step);
    const error = Math.abs(numeric - analytic) / Math.max(Math.abs(analytic), Math.abs(numeric));
    if (error < best.error || Number.isNaN(best.numeric)) best = { analytic, numeric, error: finiteOr(error) };
    if (best.error < goodEnough) break;
  }
  return best;
}

function finiteOr(error: number): number {
  return Number.isFinite(error) ? error : Number.POSITIVE_INFINITY;
}

async function slopeAlong({ weights, direction, loss }: Probe, step: number): Promise<number> {
  const start = new Map([...weights].map(([name, values]) => [name, values.slice()]));
  const at = async (distance: number) => {
    for (const [name, values] of weights)
      moveTo(values, { from: start.get(name), along: direction.get(name), distance });
    return loss();
  };
  const slope = ((await at(step)) - (await at(-step))) / (2 * step);
  for (const [name, values] of weights) values.set(start.get(name) ?? []);
  return slope;
}

function moveTo(
  values: Float32Array,
  { from, along, distance }: { from: Float32Array | undefined; along: Float32Array | undefined; distance: number },
): void {
  for (let i = 0; i < values.length; i += 1) values[i] = (from?.[i] ?? 0) + distance * (along?.[i] ?? 0);
}

function compareRounds([first, second]: Weights[]): number {
  const overall = Math.max(0, ...[...(first?.values() ?? [])].map(largestOf));
  const differences = [...(first ?? [])].map(([name, gradient]) => {
    const other = second?.get(name);
    // Gradients that are all but zero, as of key biases, differ by rounding alone.
    const scale = Math.max(largestOf(gradient), overall * 1e-3) || 1;
    return largestOf(gradient.map((value, i) => value - (other?.[i] ?? Number.NaN))) / scale;
  });
  const worst = Math.max(0, ...differences);
  return Number.isNaN(worst) ? Number.POSITIVE_INFINITY : worst;
}

function largestOf(values: Float32Array): number {
  return values.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
}

function sumSquares(values: Float32Array): number {
  return values.reduce((total, value) => total + value * value, 0);
}

function scaled(values: Float32Array, factor: number): Float32Array {
  return values.map((value) => value * factor);
}

function dot(a: Float32Array, b: Float32Array | undefined): number {
  return a.reduce((total, value, i) => total + value * (b?.[i] ?? 0), 0);
}
