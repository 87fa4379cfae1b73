import { table } from '../../apps/studio/src/terminal/table.ts';
import type { Spread } from '../alternate.ts';
import { isMet, type Measurement } from './measurement.ts';

export interface MeasuredReport {
  title: string;
  machine: Record<string, string | number>;
  load: { start: number; end: number };
  measurements: Measurement[];
}

export function renderReport(report: MeasuredReport): string {
  const { machine, load } = report;
  const rows = report.measurements.map((measurement) => [
    measurement.name,
    show(measurement.ratio.median),
    range(measurement.ratio),
    goalOf(measurement),
    isMet(measurement) ? 'met' : 'MISSED',
  ]);
  return [
    '',
    report.title,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}, node ${machine.node}, onnxruntime ${machine.onnxruntime}; load ${load.start} before, ${load.end} after`,
    ...(load.start > Number(machine.cores) ? ['! the machine had other work: the ratios say little'] : []),
    '',
    ...table(['', 'ratio', 'from … to', 'goal', ''], rows),
    '',
    ...report.measurements.flatMap(describe),
  ].join('\n');
}

function describe({ name, what, compared, facts }: Measurement): string[] {
  const side = ({ name: title, seconds }: { name: string; seconds: Spread }) =>
    `    ${seconds.median.toFixed(3)} s (${seconds.min.toFixed(3)} … ${seconds.max.toFixed(3)})  ${title}`;
  const more = Object.entries(facts).map(([key, value]) => `${key} ${typeof value === 'number' ? show(value) : value}`);
  return [
    `${name}: ${what}`,
    side(compared.ours),
    side(compared.bare),
    `    median of ${compared.repeats} runs each, in turn; ${more.join(', ')}`,
  ];
}

const goalOf = ({ goal }: Measurement) => `${goal.at === 'least' ? '≥' : '≤'} ${goal.value}`;
const range = ({ min, max }: Spread) => `${show(min)} … ${show(max)}`;

function show(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(3);
}
