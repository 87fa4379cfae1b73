import type { AdapterSide } from '@embedding-studio/contracts';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { ScoreLoss, ScoreTable } from './score-losses.ts';
import type { TensorFlow } from './tensorflow.ts';

/** Weights as arrays: they are changed in place between steps. */
export interface AdapterWeights {
  u: Float32Array;
  v: Float32Array;
  bias: Float32Array;
}

export interface StepInput {
  dims: number;
  rank: number;
  side: AdapterSide;
  ridge: number;
  weights: AdapterWeights;
  /** [query][dims] */
  queries: Float32Array;
  /** [item][dims] */
  items: Float32Array;
  measure(scores: ScoreTable): ScoreLoss;
}

export interface StepResult {
  /** The loss over the batch and the ridge. */
  loss: number;
  gradients: AdapterWeights;
}

const floor = 1e-12;

export interface Moved {
  given: Tensor2D;
  /** Given · V. */
  down: Tensor2D;
  length: Tensor2D;
  unit: Tensor2D;
}

/**
 * Loss and gradients of one batch. The backward pass is written out: it is four products, and needs none of the
 * gradient registry, which the small TensorFlow.js packages leave out.
 */
export function runAdapterStep(tf: TensorFlow, input: StepInput): StepResult {
  return inScope(tf, () => {
    const { dims, rank, weights, side, ridge } = input;
    const u = tf.tensor2d(weights.u, [dims, rank]);
    const v = tf.tensor2d(weights.v, [dims, rank]);
    const bias = tf.tensor2d(weights.bias, [1, dims]);
    const move = (values: Float32Array) => moveRows(tf, { given: rowsOf(tf, values, dims), u, v, bias });
    const queries = move(input.queries);
    const items = side === 'both' ? move(input.items) : null;
    const itemRows = items?.unit ?? rowsOf(tf, input.items, dims);
    const scores = tf.matMul(queries.unit, tf.transpose(itemRows)) as Tensor2D;
    const [rows, columns] = scores.shape;
    const { loss, gradient } = input.measure({ values: scores.dataSync() as Float32Array, rows, columns });
    const slope = tf.tensor2d(gradient, [rows, columns]);
    const parts = [moveBack(tf, queries, { slope: tf.matMul(slope, itemRows) as Tensor2D, u })];
    if (items !== null)
      parts.push(moveBack(tf, items, { slope: tf.matMul(tf.transpose(slope), queries.unit) as Tensor2D, u }));
    const penalty = ridgeOf(tf, { u, v, bias, ridge });
    const sum = (key: keyof AdapterWeights) =>
      parts.reduce((total, part) => tf.add(total, part[key]), penalty.slopes[key]).dataSync() as Float32Array;
    return { loss: loss + penalty.value, gradients: { u: sum('u'), v: sum('v'), bias: sum('bias') } };
  });
}

/** As tidy, which would search every number of what is returned for tensors. */
export function inScope<Result>(tf: TensorFlow, run: () => Result): Result {
  tf.engine().startScope();
  try {
    return run();
  } finally {
    tf.engine().endScope();
  }
}

function rowsOf(tf: TensorFlow, values: Float32Array, dims: number): Tensor2D {
  return tf.tensor2d(values, [values.length / dims, dims]);
}

/** Given rows moved by an adapter, with what the way back needs. */
export function moveRows(
  tf: TensorFlow,
  { given, u, v, bias }: { given: Tensor2D; u: Tensor2D; v: Tensor2D; bias: Tensor2D },
): Moved {
  const down = tf.matMul(given, v) as Tensor2D;
  // Explicit transposes: the wasm backend multiplies transposed operands ten times slower.
  const sum = tf.add(tf.add(given, tf.matMul(down, tf.transpose(u))), bias) as Tensor2D;
  const length = tf.sqrt(tf.add(tf.sum(tf.square(sum), 1, true), tf.scalar(floor))) as Tensor2D;
  return { given, down, length, unit: tf.div(sum, length) as Tensor2D };
}

/** From the slope of the unit rows to those of the weights. */
function moveBack(
  tf: TensorFlow,
  { given, down, length, unit }: Moved,
  { slope, u }: { slope: Tensor2D; u: Tensor2D },
): Record<keyof AdapterWeights, Tensor2D> {
  const along = tf.sum(tf.mul(slope, unit), 1, true);
  const inner = tf.div(tf.sub(slope, tf.mul(unit, along)), length) as Tensor2D;
  return {
    u: tf.matMul(tf.transpose(inner), down) as Tensor2D,
    v: tf.matMul(tf.transpose(given), tf.matMul(inner, u)) as Tensor2D,
    bias: tf.sum(inner, 0, true) as Tensor2D,
  };
}

/** ridge · (‖U Vᵀ‖² + ‖b‖²); the norm of the product needs only the two small Gram matrices. */
function ridgeOf(
  tf: TensorFlow,
  { u, v, bias, ridge }: { u: Tensor2D; v: Tensor2D; bias: Tensor2D; ridge: number },
): { value: number; slopes: Record<keyof AdapterWeights, Tensor2D> } {
  const gramU = tf.matMul(tf.transpose(u), u);
  const gramV = tf.matMul(tf.transpose(v), v);
  const [size = 0] = tf.add(tf.sum(tf.mul(gramU, gramV)), tf.sum(tf.square(bias))).dataSync();
  const twice = tf.scalar(2 * ridge);
  return {
    value: ridge * size,
    slopes: {
      u: tf.mul(twice, tf.matMul(u, gramV)) as Tensor2D,
      v: tf.mul(twice, tf.matMul(v, gramU)) as Tensor2D,
      bias: tf.mul(twice, bias) as Tensor2D,
    },
  };
}
