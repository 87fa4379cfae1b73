import { noTelemetry, StudioError, type Telemetry } from '@embedding-studio/contracts';
import type { ModelPool } from './model-pool.ts';
import type { Tensor } from './tensor-protocol.ts';

export interface InferenceOrder {
  model: string;
  inputs: Tensor[];
  /** Names; null: all. */
  outputs: string[] | null;
  /** By Triton's schedule policy extension: lower goes first. */
  priority: unknown;
  /** By the same: after how many microseconds nobody waits any more. */
  timeout: unknown;
  traceparent: string | null;
}

/** Runs a loaded model, whichever protocol asked for it. */
export async function runInference(
  pool: ModelPool,
  order: InferenceOrder,
  telemetry: Telemetry = noTelemetry,
): Promise<Tensor[]> {
  const model = pool.find(order.model);
  checkInputs(
    order.inputs.map(({ name }) => name),
    model.facts.inputs,
  );
  const schedule = { priority: positive(order.priority, 1), timeoutMs: timeoutOf(order) };
  const outputs = await telemetry.trace({ name: 'infer', kind: 'server', traceparent: order.traceparent }, () =>
    model.infer({ inputs: order.inputs, ...schedule }),
  );
  const wanted = order.outputs ?? model.facts.outputs;
  return outputs.filter(({ name }) => wanted.includes(name));
}

const positive = (value: unknown, absent: number) => (typeof value === 'number' && value > 0 ? value : absent);

function timeoutOf({ timeout }: InferenceOrder): number {
  return positive(timeout, Number.POSITIVE_INFINITY) / 1_000;
}

function checkInputs(given: readonly string[], expected: readonly string[]): void {
  for (const name of expected) {
    if (!given.includes(name))
      throw new StudioError('INPUT_INVALID', `Input "${name}" is missing.`, { field: 'inputs' });
  }
  for (const name of given) {
    if (!expected.includes(name))
      throw new StudioError('INPUT_INVALID', `The model has no input "${name}".`, { field: 'inputs' });
  }
}
