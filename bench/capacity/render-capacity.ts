import {
  type Assumptions,
  type MeasuredInputs,
  type MeasuredSize,
  planCapacity,
  withBinaryIndex,
} from './capacity-model.ts';

export interface CapacityReport {
  machine: Record<string, string | number>;
  load: { start: number; end: number };
  inputs: MeasuredInputs;
  given: Assumptions;
}

const planned = [1e6, 1e8, 1e10];
const measuredHead = [
  ...['vectors', 'table B/vector', 'index B/vector', 'build s', 's per 100,000', 'log of build B/vector'],
  ...['p50 ms', 'p95 ms', 'searches/s', 'recall@10'],
];
const plannedHead = [
  ...['vectors', 'disk GiB', 'memory GiB', 'partitions', 'copies', 'servers', 'build h', 'p50 ms', 'p95 ms'],
  ...['replay h', 'price/month', ''],
];

/** As markdown: the page on scaling takes the tables as they are. */
export function renderCapacity({ machine, load, inputs, given }: CapacityReport): string {
  const { binary } = inputs;
  const { first, later } = inputs.insertLogBytes;
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB; load ${load.start} before, ${load.end} after`,
    '',
    `Measured, ${inputs.dims} dimensions:`,
    '',
    ...markdown(measuredHead, inputs.sizes.map(measuredRow)),
    '',
    `One vector added behind the index: ${count(first)} B of log just after a checkpoint, ${count(later)} B later; a standby replays ${count(inputs.replayPerSecond)} of them a second.`,
    '',
    `A binary index over the ${count(binary.vectors)}: ${count(binary.indexBytes / binary.vectors)} B/vector, built in ${binary.buildSeconds.toFixed(1)} s; ${binary.found.map((one) => `${one.candidates} candidates ordered again: recall@10 ${one.recall.toFixed(3)}, p50 ${one.p50Ms.toFixed(2)} ms`).join('; ')}.`,
    '',
    `Assumed: ${Object.entries(given)
      .map(([name, value]) => `${name}=${value}`)
      .join(', ')}`,
    '',
    ...markdown(plannedHead, [
      ...planned.map((vectors) => plannedRow(inputs, given, vectors)),
      [...plannedRow(withBinaryIndex(inputs), given, 1e10).slice(0, -1), 'binary index, extrapolated'],
    ]),
  ].join('\n');
}

function markdown(head: readonly string[], rows: readonly string[][]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function measuredRow(size: MeasuredSize): string[] {
  const { vectors } = size;
  return [
    count(vectors),
    ...[size.tableBytes / vectors, size.indexBytes / vectors].map((bytes) => bytes.toFixed(0)),
    size.buildSeconds.toFixed(1),
    ((size.buildSeconds / vectors) * 1e5).toFixed(1),
    (size.buildLogBytes / vectors).toFixed(0),
    ...[size.p50Ms, size.p95Ms].map((ms) => ms.toFixed(2)),
    size.queriesPerSecond.toFixed(0),
    size.recall.toFixed(3),
  ];
}

function plannedRow(inputs: MeasuredInputs, given: Assumptions, vectors: number): string[] {
  const plan = planCapacity(inputs, given, vectors);
  return [
    count(plan.vectors),
    ...[plan.diskGiB, plan.memoryGiB].map((gib) => count(gib)),
    ...[plan.partitions, plan.copies, plan.servers].map(count),
    plan.buildHours.toFixed(2),
    ...[plan.p50Ms, plan.p95Ms].map((ms) => ms.toFixed(1)),
    plan.replayHours.toFixed(1),
    count(plan.pricePerMonth),
    plan.isExtrapolated ? 'extrapolated' : 'measured size',
  ];
}

const count = (value: number): string => Math.round(value).toLocaleString('en-GB');
