/** One trainable tensor with its optimiser moments; all arrays have the same length and are changed in place. */
export interface TrainedTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

export interface AdamStep {
  /** Optimiser step, from 1: corrects the bias of the young moments. */
  step: number;
  learningRate: number;
  /** Decoupled decay, applied to matrices only: biases and norm gains stay free. */
  weightDecay: number;
  /** Every gradient is multiplied by this (gradient clipping). */
  gradientScale: number;
}

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

export function createTrainedTensor(name: string, dims: readonly number[], values: Float32Array): TrainedTensor {
  const { length } = values;
  return { name, dims, values, firstMoment: new Float32Array(length), secondMoment: new Float32Array(length) };
}

/** AdamW over one tensor, in place. */
export function updateTensor(tensor: TrainedTensor, gradient: Float32Array, settings: AdamStep): void {
  const { values, firstMoment, secondMoment } = tensor;
  const { step, learningRate, gradientScale } = settings;
  const rate = (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
  const floor = epsilon * Math.sqrt(1 - beta2 ** step);
  const keep = tensor.dims.length > 1 ? 1 - learningRate * settings.weightDecay : 1;
  for (let i = 0; i < values.length; i += 1) {
    const g = (gradient[i] as number) * gradientScale;
    const m = beta1 * (firstMoment[i] as number) + (1 - beta1) * g;
    const v = beta2 * (secondMoment[i] as number) + (1 - beta2) * g * g;
    firstMoment[i] = m;
    secondMoment[i] = v;
    values[i] = (values[i] as number) * keep - (rate * m) / (Math.sqrt(v) + floor);
  }
}

/** Length of all gradients seen as one vector. */
export function globalNorm(gradients: readonly Float32Array[]): number {
  return Math.sqrt(gradients.reduce((sum, gradient) => sum + squaredLength(gradient), 0));
}

// A function of its own with a plain product: half the time of a power inside of two loops.
function squaredLength(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    sum += value * value;
  }
  return sum;
}
