import { Tensor } from 'onnxruntime-node';
import {
  type Feeds,
  type RuntimeOptions,
  readGradients,
  type TrainingGraph,
  withSession,
} from '../../src/autodiff/index.ts';
import { floatValues } from '../../src/onnx/index.ts';

export interface GradientError {
  readonly name: string;
  readonly analytic: number;
  readonly numeric: number;
  /** Difference of the two slopes over the larger of them. */
  readonly error: number;
}

export interface ComparisonOptions {
  readonly training: TrainingGraph;
  readonly feeds: Feeds;
  readonly runtime?: RuntimeOptions;
  /** Slopes under this are rounding noise of float32 losses. */
  readonly floor?: number;
}

/** Per weight: the length of its gradient against the slope of the loss along it, by central differences. */
export function compareWithDifferences(options: ComparisonOptions): Promise<GradientError[]> {
  const { training, feeds, runtime = { threads: 1, optimization: 'all' }, floor = 1e-3 } = options;
  const weights = new Map([...training.parameters].map(([name, tensor]) => [name, floatValues(tensor)]));
  const tensors = Object.fromEntries(
    [...training.parameters].map(([name, tensor]) => [
      name,
      new Tensor('float32', weights.get(name) ?? [], tensor.dims),
    ]),
  );
  return withSession(training.model, runtime, async (run) => {
    const first = await run({ ...feeds, ...tensors });
    const loss = async () => Number((await run({ ...feeds, ...tensors })).loss?.data[0]);
    const errors: GradientError[] = [];
    for (const { name } of training.gradients) {
      const gradient = first[`grad:${name}`]?.data as Float32Array;
      const values = weights.get(name) ?? new Float32Array();
      const analytic = Math.hypot(...gradient);
      const numeric = await slopeAlong({ values, gradient, analytic, loss });
      const error = Math.abs(numeric - analytic) / Math.max(analytic, Math.abs(numeric), floor);
      errors.push({ name, analytic, numeric, error });
    }
    return errors;
  });
}

/** Gradients of the weights after one run. */
export function runTraining(options: ComparisonOptions): Promise<Map<string, Float32Array>> {
  const { training, feeds, runtime = { threads: 1, optimization: 'all' } } = options;
  const tensors = [...training.parameters].map(
    ([name, tensor]) => [name, new Tensor('float32', floatValues(tensor), tensor.dims)] as const,
  );
  return withSession(training.model, runtime, async (run) =>
    readGradients(training, await run({ ...feeds, ...Object.fromEntries(tensors) })),
  );
}

/** The length of the difference of two vectors over the length of the first, or over `floor`. */
export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>, floor = 1e-6): number {
  let difference = 0;
  let length = 0;
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    difference += ((a[i] ?? Number.NaN) - (b[i] ?? Number.NaN)) ** 2;
    length += (a[i] ?? 0) ** 2;
  }
  return Math.sqrt(difference) / Math.max(Math.sqrt(length), floor);
}

interface Slope {
  readonly values: Float32Array;
  readonly gradient: Float32Array;
  readonly analytic: number;
  readonly loss: () => Promise<number>;
}

// A missing or zero gradient still has a direction to try: all ones.
async function slopeAlong({ values, gradient, analytic, loss }: Slope): Promise<number> {
  const start = values.slice();
  const isZero = analytic < 1e-9;
  const unit = Array.from(gradient, (g) => (isZero ? 1 / Math.sqrt(gradient.length) : g / analytic));
  const step = 3e-3;
  const at = async (distance: number) => {
    values.set(start.map((value, i) => value + distance * (unit[i] ?? 0)));
    return loss();
  };
  const slope = ((await at(step)) - (await at(-step))) / (2 * step);
  values.set(start);
  return slope;
}
