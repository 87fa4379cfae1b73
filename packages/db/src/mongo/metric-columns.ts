import { StudioError } from '@embedding-studio/contracts';
import { Binary } from 'mongodb';

export interface MetricColumns {
  steps: Float64Array;
  values: Float64Array;
  times: Float64Array;
}

const columnCount = 3;

/** Steps, values and times behind one another; copied, as a BSON buffer need not be aligned. */
export function unpackColumns(packed: Binary): MetricColumns {
  const bytes = Uint8Array.from(packed.buffer.subarray(0, packed.position));
  const all = new Float64Array(bytes.buffer, 0, Math.floor(bytes.length / Float64Array.BYTES_PER_ELEMENT));
  const count = all.length / columnCount;
  if (!Number.isInteger(count)) throw new StudioError('INTERNAL', 'A stored metric chunk is cut short.');
  return {
    steps: all.subarray(0, count),
    values: all.subarray(count, 2 * count),
    times: all.subarray(2 * count),
  };
}

export function packColumns({ steps, values, times }: MetricColumns): Binary {
  const all = new Float64Array(steps.length * columnCount);
  all.set(steps, 0);
  all.set(values, steps.length);
  all.set(times, 2 * steps.length);
  return new Binary(new Uint8Array(all.buffer));
}

interface Point {
  step: number;
  value: number;
  time: number;
}

/** Both together, ordered by step; of two points with one step the added one stays. */
export function mergeColumns(stored: MetricColumns | null, added: readonly Point[]): MetricColumns {
  const byStep = new Map<number, Point>();
  stored?.steps.forEach((step, at) => {
    byStep.set(step, { step, value: stored.values[at] ?? 0, time: stored.times[at] ?? 0 });
  });
  for (const point of added) byStep.set(point.step, point);
  const ordered = [...byStep.values()].sort((left, right) => left.step - right.step);
  return {
    steps: Float64Array.from(ordered, ({ step }) => step),
    values: Float64Array.from(ordered, ({ value }) => value),
    times: Float64Array.from(ordered, ({ time }) => time),
  };
}

export function joinColumns(parts: readonly MetricColumns[]): MetricColumns {
  const join = (pick: (part: MetricColumns) => Float64Array): Float64Array => {
    const joined = new Float64Array(parts.reduce((length, part) => length + pick(part).length, 0));
    let at = 0;
    for (const part of parts) {
      joined.set(pick(part), at);
      at += pick(part).length;
    }
    return joined;
  };
  return { steps: join((part) => part.steps), values: join((part) => part.values), times: join((part) => part.times) };
}

/** Only what comes after the step. */
export function cutColumns(columns: MetricColumns, afterStep: number): MetricColumns {
  const first = columns.steps.findIndex((step) => step > afterStep);
  const from = first < 0 ? columns.steps.length : first;
  const { steps, values, times } = columns;
  return { steps: steps.subarray(from), values: values.subarray(from), times: times.subarray(from) };
}
