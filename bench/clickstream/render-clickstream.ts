import { table } from '../../apps/studio/src/terminal/table.ts';
import { isMet, type Measurement } from '../loop/measurement.ts';

export interface ClickstreamReport {
  machine: Record<string, string | number>;
  load: { start: number; end: number };
  events: number;
  measurements: Measurement[];
}

export function renderClickstream({ machine, load, measurements }: ClickstreamReport): string {
  const rows = measurements.map((one) => [
    `against ${one.name}`,
    String(one.facts.eventsPerSecond),
    String(one.facts.barePerSecond),
    one.ratio.median.toFixed(2),
    `${one.ratio.min.toFixed(2)} … ${one.ratio.max.toFixed(2)}`,
    `≥ ${one.goal.value}`,
    isMet(one) ? 'met' : 'MISSED',
  ]);
  return [
    '',
    measurements[0]?.what ?? '',
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, node ${machine.node}; load ${load.start} before, ${load.end} after`,
    ...(load.start > Number(machine.cores) ? ['! the machine had other work: the rates say little'] : []),
    '',
    ...table(['', 'events/s', 'bare/s', 'ratio', 'from … to', 'goal', ''], rows),
    '',
  ].join('\n');
}
